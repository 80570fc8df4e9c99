/** three takes vertex colours as linear light; scans store sRGB. */
const LINEAR = Float32Array.from({ length: 256 }, (_, value) =>
  value <= 10 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4,
)

export function linearColors(colors: Uint8Array): Float32Array {
  return Float32Array.from(colors, (value) => LINEAR[value]!)
}
