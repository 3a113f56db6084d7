/** `leftImage` → `left_image`, `IMUData` → `imu_data`: names of TypeScript as they are written in YAML. */
export function snakeCase(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1_$2')
    .toLowerCase();
}

/** The port of a handler: `onImage` → `image`, `onLeftImage` → `left_image`, `image` → `image`. */
export function portOfMethod(method: string): string {
  return snakeCase(/^on(?=[A-Z])/.test(method) ? method.slice(2) : method);
}

export const MAX_NAME_BYTES = 127;

/** True for names that a launch file may map: small letters, digits and underscores, from a letter on. */
export function isPortName(name: string): boolean {
  return /^[a-z][a-z0-9_]*$/.test(name) && name.length <= MAX_NAME_BYTES;
}
