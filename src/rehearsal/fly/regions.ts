// The regions of the stand-in world, as `platform regions --json` prints them (facts/flyctl.md §3.4).

const region = (code: string, name: string, latitude: number, longitude: number, geo_region: string, paid = false) => ({
  code,
  name,
  latitude,
  longitude,
  gateway_available: true,
  requires_paid_plan: paid,
  deprecated: false,
  capacity: 100,
  geo_region,
  mpg_available: ['ams', 'fra', 'iad', 'lhr', 'lax', 'ord', 'sin', 'syd', 'sjc', 'gru', 'yyz'].includes(code),
});

export const regions = [
  region('ams', 'Amsterdam, Netherlands', 52.37, 4.89, 'europe'),
  region('arn', 'Stockholm, Sweden', 59.65, 17.92, 'europe'),
  region('bom', 'Mumbai, India', 19.08, 72.88, 'asia_pacific', true),
  region('cdg', 'Paris, France', 48.86, 2.35, 'europe'),
  region('dfw', 'Dallas, Texas (US)', 32.78, -96.81, 'north_america'),
  region('ewr', 'Secaucus, NJ (US)', 40.79, -74.06, 'north_america'),
  region('fra', 'Frankfurt, Germany', 50.12, 8.68, 'europe', true),
  region('gru', 'Sao Paulo, Brazil', -23.55, -46.63, 'south_america'),
  region('iad', 'Ashburn, Virginia (US)', 39.02, -77.46, 'north_america'),
  region('jnb', 'Johannesburg, South Africa', -26.2, 28.04, 'africa'),
  region('lax', 'Los Angeles, California (US)', 33.94, -118.41, 'north_america'),
  region('lhr', 'London, United Kingdom', 51.52, -0.09, 'europe'),
  region('nrt', 'Tokyo, Japan', 35.62, 139.75, 'asia_pacific'),
  region('ord', 'Chicago, Illinois (US)', 41.89, -87.62, 'north_america'),
  region('sin', 'Singapore, Singapore', 1.3, 103.86, 'asia_pacific'),
  region('sjc', 'San Jose, California (US)', 37.35, -121.96, 'north_america'),
  region('syd', 'Sydney, Australia', -33.87, 151.21, 'asia_pacific'),
  region('yyz', 'Toronto, Canada', 43.64, -79.38, 'north_america'),
] as const;
