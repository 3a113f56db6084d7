/**
 * Makes the recordings beside it: a short flight of a drone, as its inertial sensor and its GPS receiver would tell it.
 *
 *     node launch/recordings/make-flight.mjs          # writes flight-imu.csv and flight.nmea
 *
 * The flight is made up, and the same each time: from rest on the ground it climbs, flies out to the north-east, turns, flies
 * back, turns again and lands where it began. Sensors have noise, the gyroscope a bias; north is magnetic north.
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const G = 9.80665;
const IMU_HZ = 100;
const GPS_HZ = 5;
const DURATION_S = 24;
const START = { utc: Date.UTC(2026, 4, 14, 9, 30, 0), latitude: 47.36667, longitude: 8.55, altitude: 408.2 };
const GEOID_SEPARATION_M = 47.6;
/** Of the earth in the middle of Europe, east, north and up, T. */
const FIELD = [0, 21.5e-6, -43.2e-6];
const GYRO_BIAS = [0.0031, -0.0024, 0.0018];
const NOISE = { gyro: 0.002, accel: 0.03, magnet: 0.2e-6, gpsM: 0.02 };

/** Goes from 0 to 1 between two times, smoothly in its first three derivatives. */
function ramp(t, from, to) {
  const x = Math.min(1, Math.max(0, (t - from) / (to - from)));
  return x ** 4 * (35 - 84 * x + 70 * x ** 2 - 20 * x ** 3);
}

/** Where the drone is, m east, north and up. */
function position(t) {
  const out = 4 * (ramp(t, 3, 12) - ramp(t, 13, 22));
  return [out, 0.8 * out, 12 * (ramp(t, 2, 8) - ramp(t, 17, 23))];
}

/** Which way it looks, radians counterclockwise from east: along its way, with a full turn by the end. */
function heading(t) {
  return 0.6 + (ramp(t, 1, 4) * 0.07 + ramp(t, 10.5, 14) * Math.PI + ramp(t, 20.5, 23.5) * (Math.PI - 0.07));
}

/** Wind makes it sway while it flies, radians. */
function sway(t) {
  const airborne = ramp(t, 2, 4) - ramp(t, 20.5, 22.5);
  return [0.06 * airborne * Math.sin(5.3 * t), 0.05 * airborne * Math.sin(4.1 * t + 1)];
}

function second(f, t) {
  const h = 1e-3;
  const [a, b, c] = [f(t - h), f(t), f(t + h)];
  return b.map((_, n) => (a[n] - 2 * b[n] + c[n]) / h ** 2);
}

function first(f, t) {
  const h = 1e-3;
  const [a, c] = [f(t - h), f(t + h)];
  return a.map((_, n) => (c[n] - a[n]) / (2 * h));
}

function multiply(a, b) {
  return [
    a[0] * b[0] - a[1] * b[1] - a[2] * b[2] - a[3] * b[3],
    a[0] * b[1] + a[1] * b[0] + a[2] * b[3] - a[3] * b[2],
    a[0] * b[2] - a[1] * b[3] + a[2] * b[0] + a[3] * b[1],
    a[0] * b[3] + a[1] * b[2] - a[2] * b[1] + a[3] * b[0],
  ];
}

function about(axis, angle) {
  const q = [Math.cos(angle / 2), 0, 0, 0];
  q[axis + 1] = Math.sin(angle / 2);
  return q;
}

function conjugate([w, x, y, z]) {
  return [w, -x, -y, -z];
}

/** A vector of the world in the body's axes. */
function toBody(q, v) {
  return multiply(multiply(conjugate(q), [0, ...v]), q).slice(1);
}

/** From body to world, w x y z: it leans into its acceleration, as rotors push along its own z axis alone. */
function attitude(t) {
  const [ax, ay, az] = second(position, t);
  const yaw = heading(t);
  const forward = ax * Math.cos(yaw) + ay * Math.sin(yaw);
  const left = -ax * Math.sin(yaw) + ay * Math.cos(yaw);
  const [swayRoll, swayPitch] = sway(t);
  const pitch = Math.atan2(forward, G + az) + swayPitch;
  const roll = -Math.atan2(left, Math.hypot(G + az, forward)) + swayRoll;
  return multiply(multiply(about(2, yaw), about(1, pitch)), about(0, roll));
}

/** Turn rate in the body's axes, rad/s. */
function turnRate(t) {
  const h = 1e-3;
  const [, x, y, z] = multiply(conjugate(attitude(t - h)), attitude(t + h));
  return [x / h, y / h, z / h];
}

/** Random numbers of a normal distribution, the same ones for the same seed. */
function normal(seed) {
  let state = seed >>> 0;
  const uniform = () => {
    // A full-period generator of 32 bits, mixed (splitmix32).
    state = (state + 0x9e3779b9) >>> 0;
    let z = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return ((z ^ (z >>> 15)) >>> 0) / 2 ** 32;
  };
  return () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}

/** What the inertial sensor measured, in SI units, and what was true. */
export function imuSamples() {
  const random = normal(20260514);
  const noisy = (vector, deviation) => vector.map((value) => value + deviation * random());
  return Array.from({ length: DURATION_S * IMU_HZ }, (_, n) => {
    const timeS = n / IMU_HZ;
    const q = attitude(timeS);
    const [ax, ay, az] = second(position, timeS);
    const rate = turnRate(timeS).map((value, axis) => value + GYRO_BIAS[axis]);
    return {
      timeS,
      attitude: q,
      angularVelocity: noisy(rate, NOISE.gyro),
      linearAcceleration: noisy(toBody(q, [ax, ay, az + G]), NOISE.accel),
      magneticField: noisy(toBody(q, FIELD), NOISE.magnet),
    };
  });
}

/** The recording of the inertial sensor, in the units that such files usually have. */
export function imuCsv() {
  const names = [
    ['Gyroscope', 'deg/s'],
    ['Accelerometer', 'g'],
    ['Magnetometer', 'uT'],
  ];
  const header = names.flatMap(([name, unit]) => ['X', 'Y', 'Z'].map((axis) => `${name} ${axis} (${unit})`));
  const rows = imuSamples().map((sample) =>
    [
      sample.timeS.toFixed(2),
      ...sample.angularVelocity.map((value) => ((value * 180) / Math.PI).toFixed(3)),
      ...sample.linearAcceleration.map((value) => (value / G).toFixed(5)),
      ...sample.magneticField.map((value) => (value * 1e6).toFixed(3)),
    ].join(','),
  );
  return `${[['Time (s)', ...header].join(','), ...rows].join('\n')}\n`;
}

/** What the receiver was told and tells: where it is, and how it moves over ground. */
export function gpsFixes() {
  const random = normal(9);
  const latitudeRad = (START.latitude * Math.PI) / 180;
  // Radii of curvature of the WGS 84 ellipsoid.
  const a = 6378137;
  const e2 = 6.69437999014e-3;
  const w = Math.sqrt(1 - e2 * Math.sin(latitudeRad) ** 2);
  const [meridian, normalRadius] = [(a * (1 - e2)) / w ** 3, a / w];
  return Array.from({ length: DURATION_S * GPS_HZ }, (_, n) => {
    const timeS = n / GPS_HZ;
    const [east, north, up] = position(timeS).map((value) => value + NOISE.gpsM * random());
    return {
      utcMs: START.utc + timeS * 1000,
      latitude: START.latitude + ((north / meridian) * 180) / Math.PI,
      longitude: START.longitude + ((east / (normalRadius * Math.cos(latitudeRad))) * 180) / Math.PI,
      /** Above the sea, m. */
      altitude: START.altitude + up,
      velocity: first(position, timeS),
    };
  });
}

/** The recording of the receiver: GGA and RMC of each fix. */
export function nmea() {
  const lines = gpsFixes().flatMap(({ utcMs, latitude, longitude, altitude, velocity }) => {
    const [date, time] = new Date(utcMs).toISOString().split('T');
    const [year, month, day] = date.split('-');
    const clock = time.replaceAll(':', '').slice(0, 9);
    const at = `${degrees(latitude, 2, 'N', 'S')},${degrees(longitude, 3, 'E', 'W')}`;
    const [east, north] = velocity;
    const knots = (Math.hypot(east, north) * 3600) / 1852;
    const course = ((Math.atan2(east, north) * 180) / Math.PI + 360) % 360;
    return [
      sentence(`GNGGA,${clock},${at},4,17,0.7,${altitude.toFixed(2)},M,${GEOID_SEPARATION_M},M,1.0,0000`),
      // A receiver that stands still knows no course.
      sentence(
        `GNRMC,${clock},A,${at},${knots.toFixed(3)},${knots < 0.05 ? '' : course.toFixed(2)},${day}${month}${year.slice(2)},,,R`,
      ),
    ];
  });
  return `# Made by make-flight.mjs.\n${lines.join('\n')}\n`;
}

function degrees(value, digits, positive, negative) {
  const size = Math.abs(value);
  const minutes = ((size % 1) * 60).toFixed(7).padStart(10, '0');
  return `${String(Math.floor(size)).padStart(digits, '0')}${minutes},${value < 0 ? negative : positive}`;
}

function sentence(body) {
  let sum = 0;
  for (const character of body) sum ^= character.charCodeAt(0);
  return `$${body}*${sum.toString(16).toUpperCase().padStart(2, '0')}`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(new URL('flight-imu.csv', import.meta.url), imuCsv());
  writeFileSync(new URL('flight.nmea', import.meta.url), nmea());
}
