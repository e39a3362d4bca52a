// Commands that the real fly has and the stand-in does not: they fail and say so.

/** What the real fly can do and the stand-in does not play: it fails and says so, never with help and exit 0. */
export const notPlayed: ReadonlySet<string> = new Set(
  `apps.errors apps.move apps.open apps.restart apps.resume apps.suspend auth.docker auth.logout auth.signup config.env
  ips.allocate ips.allocate-egress ips.release-egress machine.clone machine.cordon machine.create machine.egress-ip
  machine.kill machine.leases machine.restart machine.suspend machine.uncordon
  machine.update machine.wait mpg.backup mpg.connect mpg.databases mpg.proxy mpg.restore mpg.users orgs.create orgs.delete orgs.invite orgs.remove
  orgs.replay-sources orgs.show platform.status postgres.backup postgres.barman postgres.config postgres.connect postgres.db postgres.events
  postgres.failover postgres.import postgres.renew-certs postgres.restart postgres.users secrets.keys.delete secrets.keys.generate secrets.keys.set
  ssh.establish ssh.issue ssh.log ssh.sftp tokens.attenuate tokens.3p tokens.create.litefs-cloud tokens.create.wireguard
  volumes.fork version.upgrade agent console create curl dashboard destroy dig docs extensions history
  image incidents ingress jobs launch lfsc litefs-cloud mcp move mysql open ping redis.attach redis.connect redis.dashboard redis.destroy redis.plans redis.proxy redis.reset redis.status redis.update registry resume services sftp sftp-get storage suspend synthetics
  wireguard wg`
    .split(/\s+/)
    .map((path) => path.replaceAll('.', ' ')),
);
