import './short-name.css'

/** Letters at the end of a name that stay when there is no room: what tells "Camera left" from "Camera right" is there. */
const END = 7
const SHORTEST_CUT = 14

interface ShortNameProps {
  readonly children: string
  /** Letters at the end that stay while there is room for any. */
  readonly end?: number
}

/** A name that is cut in its middle where there is no room for all of it; it is heard whole. */
export function ShortName({ children, end = END }: ShortNameProps) {
  if (children.length < SHORTEST_CUT) return <>{children}</>
  return (
    <>
      <span className="visually-hidden">{children}</span>
      <span className="short-name" dir="auto" aria-hidden>
        <span className="short-name__start">{children.slice(0, -end)}</span>
        <span className="short-name__end">{children.slice(-end)}</span>
      </span>
    </>
  )
}
