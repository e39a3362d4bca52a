// Commands that the real fly has and the stand-in does not: they fail and say so.

/** What the real fly can do and the stand-in does not play: it fails and says so, never with help and exit 0. */
export const notPlayed: ReadonlySet<string> = new Set(
  `apps.errors apps.move apps.open apps.restart apps.resume apps.suspend auth.docker auth.logout auth.signup auth.token certs.import certs.setup config.env
  config.save ips.allocate ips.allocate-egress ips.private ips.release-egress machine.clone machine.cordon machine.create machine.destroy machine.egress-ip
  machine.exec machine.kill machine.leases machine.restart machine.run machine.start machine.status machine.stop machine.suspend machine.uncordon
  machine.update machine.wait orgs.create orgs.delete orgs.invite orgs.remove orgs.replay-sources orgs.show platform.status platform.vm-sizes scale.memory scale.vm
  secrets.keys volumes.extend volumes.fork volumes.snapshots volumes.update version.upgrade agent console create curl dashboard destroy dig docs extensions history
  image incidents ingress jobs launch lfsc litefs-cloud mcp move mpg mysql open ping postgres pg proxy redis registry resume services sftp sftp-get ssh storage suspend synthetics
  tokens wireguard wg`
    .split(/\s+/)
    .map((path) => path.replace('.', ' ')),
);
