// An app of two process groups, one with a volume: what the fly kinds are held against.
export const relay = 'relay';

export const flyToml = (tag = 'v1'): string => `app = "${relay}"
primary_region = "sjc"
[build]
  image = "registry.fly.io/${relay}:${tag}"
[deploy]
  release_command = "bin/migrate"
[processes]
  web = "server"
  worker = "worker"
[[mounts]]
  source = "data"
  destination = "/data"
  processes = ["worker"]
[http_service]
  internal_port = 8080
  processes = ["web"]
  [[http_service.checks]]
    path = "/health"
`;
