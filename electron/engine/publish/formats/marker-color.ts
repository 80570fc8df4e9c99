/** The eleven colours that OpenTimelineIO names for markers. */
const COLORS: readonly (readonly [string, number, number, number])[] = [
  ['PINK', 255, 128, 192],
  ['RED', 255, 0, 0],
  ['ORANGE', 255, 128, 0],
  ['YELLOW', 255, 255, 0],
  ['GREEN', 0, 255, 0],
  ['CYAN', 0, 255, 255],
  ['BLUE', 0, 0, 255],
  ['PURPLE', 128, 0, 128],
  ['MAGENTA', 255, 0, 255],
  ['BLACK', 0, 0, 0],
  ['WHITE', 255, 255, 255],
]

/** The nearest of them to a colour by name or as `#rrggbb`; what cannot be read is RED, the library's own default. */
export function otioColor(color: string): string {
  const upper = color.trim().toUpperCase()
  if (COLORS.some(([name]) => name === upper)) return upper
  const hex = /^#?([0-9A-F]{2})([0-9A-F]{2})([0-9A-F]{2})/.exec(upper)
  if (hex === null) return 'RED'
  const [red, green, blue] = hex.slice(1).map((part) => Number.parseInt(part, 16))
  const distance = ([, r, g, b]: (typeof COLORS)[number]): number => (r - red) ** 2 + (g - green) ** 2 + (b - blue) ** 2
  return COLORS.reduce((best, each) => (distance(each) < distance(best) ? each : best))[0]
}
