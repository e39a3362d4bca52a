// The ExportOptions.plist that uploads an archive as it is: no other number, no other team than the archive's.

export function exportOptions({ internalOnly }: { readonly internalOnly: boolean }): string {
  const values: Readonly<Record<string, string | boolean>> = {
    method: 'app-store-connect',
    // Without it `-exportArchive` only writes a file (facts/app-store-connect.md §16.1).
    destination: 'upload',
    signingStyle: 'automatic',
    // Xcode would raise the build number by itself, and nobody would find the build again.
    manageAppVersionAndBuildNumber: false,
    testFlightInternalTestingOnly: internalOnly,
    uploadSymbols: true,
  };
  const lines = Object.entries(values).map(
    ([key, value]) =>
      `\t<key>${key}</key>\n\t${typeof value === 'boolean' ? `<${value}/>` : `<string>${value}</string>`}`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
${lines.join('\n')}
</dict>
</plist>
`;
}
