// Writes a project.pbxproj as Xcode does: an app, its tests, and what each configuration is built with.

export interface Written {
  /** Build settings as they stand in the file, by target and configuration. `project` is the project itself. */
  readonly settings: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, string>>>>>>;
  /** `target configuration` to the path of its configuration file, in the group Config. */
  readonly xcconfig?: Readonly<Record<string, string>>;
  readonly apps?: readonly string[];
  readonly attributes?: string;
}

/** Target `Sol` (an app) and `SolTests`; more apps where the test says so. */
export function projectText({ settings, xcconfig = {}, apps = ['Sol'], attributes = '' }: Written): string {
  const targets = [...apps, 'SolTests'];
  const owners = ['project', ...targets];
  const names = (owner: string) => Object.keys(settings[owner] ?? { Debug: {}, Release: {} });
  const files = Object.entries(xcconfig).map(([key, path]) => ({ id: `FILE_${key.replace(' ', '_')}`, path }));
  const configurations = owners.flatMap((owner) =>
    names(owner).map((name) => {
      const file = xcconfig[`${owner} ${name}`];
      const lines = Object.entries(settings[owner]?.[name] ?? {}).map(([key, value]) => `\t\t\t\t${key} = ${value};`);
      const base =
        file === undefined ? '' : `\t\t\tbaseConfigurationReference = FILE_${owner}_${name} /* ${file} */;\n`;
      return `\t\tCONF_${owner}_${name} /* ${name} */ = {\n\t\t\tisa = XCBuildConfiguration;\n${base}\t\t\tbuildSettings = {\n${lines.join('\n')}\n\t\t\t};\n\t\t\tname = ${name};\n\t\t};`;
    }),
  );
  const lists = owners.map(
    (owner) =>
      `\t\tLIST_${owner} = {\n\t\t\tisa = XCConfigurationList;\n\t\t\tbuildConfigurations = (\n${names(owner)
        .map((name) => `\t\t\t\tCONF_${owner}_${name} /* ${name} */,`)
        .join('\n')}\n\t\t\t);\n\t\t\tdefaultConfigurationName = Release;\n\t\t};`,
  );
  const natives = targets.map(
    (name) =>
      `\t\tTARGET_${name} /* ${name} */ = {\n\t\t\tisa = PBXNativeTarget;\n\t\t\tbuildConfigurationList = LIST_${name};\n\t\t\tname = ${name};\n\t\t\tproductType = "com.apple.product-type.${name === 'SolTests' ? 'bundle.unit-test' : 'application'}";\n\t\t};`,
  );
  return `// !$*UTF8*$!
{
	archiveVersion = 1;
	objects = {

/* Begin PBXFileReference section */
${files.map(({ id, path }) => `\t\t${id} /* ${path} */ = {isa = PBXFileReference; lastKnownFileType = text.xcconfig; path = ${path}; sourceTree = "<group>"; };`).join('\n')}
/* End PBXFileReference section */

/* Begin PBXGroup section */
		GROUP_MAIN = {
			isa = PBXGroup;
			children = (
				GROUP_CONFIG /* Config */,
			);
			sourceTree = "<group>";
		};
		GROUP_CONFIG /* Config */ = {
			isa = PBXGroup;
			children = (
${files.map(({ id, path }) => `\t\t\t\t${id} /* ${path} */,`).join('\n')}
			);
			path = Config;
			sourceTree = "<group>";
		};
/* End PBXGroup section */

/* Begin PBXNativeTarget section */
${natives.join('\n')}
/* End PBXNativeTarget section */

/* Begin PBXProject section */
		ROOT /* Project object */ = {
			isa = PBXProject;
			attributes = {${attributes}};
			buildConfigurationList = LIST_project;
			mainGroup = GROUP_MAIN;
			projectDirPath = "";
			targets = (
${targets.map((name) => `\t\t\t\tTARGET_${name} /* ${name} */,`).join('\n')}
			);
		};
/* End PBXProject section */

/* Begin XCBuildConfiguration section */
${configurations.join('\n')}
/* End XCBuildConfiguration section */

/* Begin XCConfigurationList section */
${lists.join('\n')}
/* End XCConfigurationList section */
	};
	rootObject = ROOT /* Project object */;
}
`;
}
