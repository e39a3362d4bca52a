// What a person does in App Store Connect or uploads from Xcode, in the stand-in's state.
import type { z } from 'zod';
import { haveApp, haveBuild, haveBundleId, haveGroup, haveTester } from './app-store-state.ts';
import type * as want from './pretend-wants.ts';
import type { StandIns } from './stand-ins.ts';

type Needs = Pick<StandIns, 'appStore' | 'clock'>;

/** Each leaves alone what is there already, by whoever's doing. */
export const pretendAppStore = {
  bundleId: (wanted: z.output<typeof want.BundleId>, { appStore }: Needs): string => {
    appStore.change((state) => haveBundleId(state, wanted));
    return `bundle id ${wanted.identifier} is registered`;
  },
  app: (wanted: z.output<typeof want.AppStoreApp>, { appStore }: Needs): string => {
    const { 'bundle-id': bundleId, name, sku, locale } = wanted;
    appStore.change((state) => haveApp(state, { bundleId, name, sku, locale }));
    return `app ${bundleId} is there`;
  },
  build: (wanted: z.output<typeof want.AppStoreBuild>, { appStore, clock }: Needs): string => {
    const { 'bundle-id': bundleId, version, build } = wanted;
    const number = build === undefined ? undefined : String(build);
    appStore.change((state) => haveBuild(state, { bundleId, version, number }, clock.now()));
    return `a build of ${bundleId} was uploaded`;
  },
  testerGroup: (wanted: z.output<typeof want.TesterGroup>, { appStore, clock }: Needs): string => {
    const { 'bundle-id': bundleId, name, internal } = wanted;
    appStore.change((state) => haveGroup(state, { app: haveApp(state, { bundleId }).id, name, internal }, clock.now()));
    return `tester group ${name} is there`;
  },
  testers: (wanted: z.output<typeof want.Testers>, { appStore, clock }: Needs): string => {
    const { 'bundle-id': bundleId, group: name, emails } = wanted;
    appStore.change((state) => {
      const group = haveGroup(state, { app: haveApp(state, { bundleId }).id, name, internal: true }, clock.now());
      for (const email of emails) haveTester(state, group, { email });
    });
    return `${emails.length} testers are in ${name}`;
  },
};
