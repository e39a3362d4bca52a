// What a person does in App Store Connect or uploads from Xcode, in the stand-in's state.
import type { z } from 'zod';
import type { AppStoreFault } from './app-store-faults.ts';
import {
  type AppStoreState,
  answerCompliance,
  haveApp,
  haveBuild,
  haveBundleId,
  haveGroup,
  haveSigning,
  haveTester,
  install,
  isStranger,
  type UploadTrouble,
} from './app-store-state.ts';
import type * as want from './pretend-wants.ts';
import type { StandIns } from './stand-ins.ts';

type Needs = Pick<StandIns, 'appStore' | 'clock'>;
interface Due {
  due(fault: AppStoreFault): boolean;
}

/** What may go wrong with an upload, as the faults of this rehearsal have it. */
export const troubleOf = ({ due }: Due): UploadTrouble => ({
  invalid: () => due('build-invalid'),
  refused: () => due('upload-refused'),
  unanswered: () => due('missing-compliance'),
});

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
  signing: (wanted: z.output<typeof want.AppStoreSigning>, { appStore, clock }: Needs): string => {
    const { 'bundle-id': bundleId, style } = wanted;
    if (style === 'automatic') return '';
    appStore.change((state) => haveSigning(state, bundleId, clock.now()));
    return `a certificate and a profile for ${bundleId} are there`;
  },
  build: (wanted: z.output<typeof want.AppStoreBuild>, { appStore, clock }: Needs, faults: Due): string => {
    const { 'bundle-id': bundleId, version, build } = wanted;
    const number = build === undefined ? undefined : String(build);
    appStore.change((state) => haveBuild(state, { bundleId, version, number }, clock.now(), troubleOf(faults)));
    return `a build of ${bundleId} was uploaded`;
  },
  compliance: (wanted: z.output<typeof want.Compliance>, { appStore }: Needs): string => {
    const answer = wanted['uses-non-exempt-encryption'];
    appStore.change((state) => {
      for (const build of buildsOf(state, wanted)) answerCompliance(build, answer);
    });
    return 'the export compliance question is answered';
  },
  buildInGroup: (wanted: z.output<typeof want.BuildInGroup>, { appStore, clock }: Needs): string => {
    const { 'bundle-id': bundleId, group: name } = wanted;
    appStore.change((state) => {
      const group = haveGroup(state, { app: haveApp(state, { bundleId }).id, name, internal: true }, clock.now());
      const added = buildsOf(state, wanted).filter(
        ({ id }) => !group.hasAccessToAllBuilds && !group.builds.includes(id),
      );
      group.builds.push(...added.map(({ id }) => id));
    });
    return `the build is in ${name}`;
  },
  testerGroup: (wanted: z.output<typeof want.TesterGroup>, { appStore, clock }: Needs): string => {
    const { 'bundle-id': bundleId, name, internal } = wanted;
    appStore.change((state) => haveGroup(state, { app: haveApp(state, { bundleId }).id, name, internal }, clock.now()));
    return `tester group ${name} is there`;
  },
  testers: (wanted: z.output<typeof want.Testers>, { appStore, clock }: Needs, { due }: Due): string => {
    const { 'bundle-id': bundleId, group: name, emails } = wanted;
    appStore.change((state) => {
      if (due('tester-missing')) state.strangers.push(...emails.slice(0, 1));
      const group = haveGroup(state, { app: haveApp(state, { bundleId }).id, name, internal: true }, clock.now());
      for (const email of emails) if (!isStranger(state, email)) haveTester(state, group, { email });
    });
    return `${emails.length} testers are in ${name}`;
  },
  installed: (wanted: z.output<typeof want.Installed>, { appStore, clock }: Needs): string => {
    const { 'bundle-id': bundleId, group: name, emails, build } = wanted;
    const number = build === undefined ? undefined : String(build);
    appStore.change((state) => {
      const group = haveGroup(state, { app: haveApp(state, { bundleId }).id, name, internal: true }, clock.now());
      for (const email of emails) install(state, group, { email, ...(number !== undefined && { number }) });
    });
    return `${emails.join(', ')} installed it`;
  },
};

/** Those that fit. A question that was answered otherwise stays so. */
function buildsOf(state: AppStoreState, wanted: z.output<typeof want.AppStoreBuild>): AppStoreState['builds'] {
  const app = state.apps.find(({ bundleId }) => bundleId === wanted['bundle-id'])?.id;
  const { version, build } = wanted;
  return state.builds.filter(
    (one) =>
      one.app === app &&
      (version === undefined || one.version === version) &&
      (build === undefined || one.number === String(build)),
  );
}
