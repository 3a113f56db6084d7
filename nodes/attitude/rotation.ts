/** x, y and z. */
export type Vec = readonly [number, number, number];

/** A rotation as a unit quaternion: w, x, y, z. */
export type Quat = readonly [w: number, x: number, y: number, z: number];

export const NO_ROTATION: Quat = [1, 0, 0, 0];

export function dot(a: Vec, b: Vec): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

export function cross(a: Vec, b: Vec): Vec {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

export function length(a: Vec): number {
  return Math.hypot(a[0], a[1], a[2]);
}

/** a + b * factor */
export function plus(a: Vec, b: Vec, factor = 1): Vec {
  return [a[0] + b[0] * factor, a[1] + b[1] * factor, a[2] + b[2] * factor];
}

export function times(a: Vec, factor: number): Vec {
  return [a[0] * factor, a[1] * factor, a[2] * factor];
}

/** The rotation b followed by a. */
export function compose(a: Quat, b: Quat): Quat {
  return normalized([
    a[0] * b[0] - a[1] * b[1] - a[2] * b[2] - a[3] * b[3],
    a[0] * b[1] + a[1] * b[0] + a[2] * b[3] - a[3] * b[2],
    a[0] * b[2] - a[1] * b[3] + a[2] * b[0] + a[3] * b[1],
    a[0] * b[3] + a[1] * b[2] - a[2] * b[1] + a[3] * b[0],
  ]);
}

/** The rotation about a vector by its length, radians. */
export function fromVector(v: Vec): Quat {
  const angle = length(v);
  // sin(x) / x without its hole at 0.
  const factor = angle < 1e-9 ? 0.5 : Math.sin(angle / 2) / angle;
  return [Math.cos(angle / 2), v[0] * factor, v[1] * factor, v[2] * factor];
}

/** The shortest rotation that turns a to b. */
export function between(a: Vec, b: Vec): Quat {
  const w = length(a) * length(b) + dot(a, b);
  // Opposite: half a turn about anything across.
  if (w < 1e-9 * length(a) * length(b)) {
    const across = Math.abs(a[0]) < 0.5 * length(a) ? cross(a, [1, 0, 0]) : cross(a, [0, 1, 0]);
    return normalized([0, ...across]);
  }
  return normalized([w, ...cross(a, b)]);
}

export function rotate(q: Quat, v: Vec): Vec {
  const u: Vec = [q[1], q[2], q[3]];
  const t = times(cross(u, v), 2);
  return plus(plus(v, t, q[0]), cross(u, t));
}

export function inverse(q: Quat): Quat {
  return [q[0], -q[1], -q[2], -q[3]];
}

function normalized(q: Quat): Quat {
  const norm = Math.hypot(...q);
  return [q[0] / norm, q[1] / norm, q[2] / norm, q[3] / norm];
}
