/** Keeps the canvas of the timeline up to date, and redraws only what changed. */
import { drawRows, drawTimeline } from './draw.ts'
import { readPalette, type Palette } from './palette.ts'
import { changesOf, type Scene } from './scene.ts'

export class Painter {
  readonly #canvas: HTMLCanvasElement
  readonly #context: CanvasRenderingContext2D
  #palette: Palette
  /** What is on the canvas; null if everything must be redrawn. */
  #drawn: Scene | null = null
  #size = { width: 0, height: 0 }

  constructor(canvas: HTMLCanvasElement, context: CanvasRenderingContext2D) {
    this.#canvas = canvas
    this.#context = context
    this.#palette = readPalette(canvas)
  }

  get width(): number {
    return this.#size.width
  }
  get height(): number {
    return this.#size.height
  }

  /** @returns the width that the canvas has, pixels of its own layout */
  resize(): number {
    const { clientWidth: width, clientHeight: height } = this.#canvas
    const scale = (window.devicePixelRatio || 1) * this.zoom
    this.#size = { width, height }
    this.#canvas.width = Math.max(1, Math.round(width * scale))
    this.#canvas.height = Math.max(1, Math.round(height * scale))
    this.#context.setTransform(scale, 0, 0, scale, 0, 0)
    this.forget()
    return width
  }

  /** How much larger the canvas is on screen than it is laid out: the person's size of everything. */
  get zoom(): number {
    const { clientWidth } = this.#canvas
    return clientWidth > 0 ? this.#canvas.getBoundingClientRect().width / clientWidth : 1
  }

  readColors(): void {
    this.#palette = readPalette(this.#canvas)
  }

  /** Pictures and waveforms came: what is drawn of a clip is no longer what its record alone says. */
  forget(): void {
    this.#drawn = null
  }

  paint(seen: Omit<Scene, 'palette' | 'width' | 'height'>): void {
    const scene: Scene = { ...seen, palette: this.#palette, width: this.#size.width, height: this.#size.height }
    const changes = this.#drawn ? changesOf(this.#drawn, scene) : 'all'
    if (changes === 'all') drawTimeline(this.#context, scene)
    else if (changes.length > 0) drawRows(this.#context, scene, changes)
    this.#drawn = scene
  }
}
