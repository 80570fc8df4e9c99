/** What was said, to be read: as text, as Markdown with times and names, and as JSON with the time of every word. */
import { captionsByRules, PARAGRAPH_RULES } from '../../../../shared/document/caption-rules.ts'
import type { Caption } from '../../../../shared/document/records.ts'
import { secondsFromTicks } from '../../../../shared/units.ts'
import type { ProjectView } from '../package/project-view.ts'

interface Paragraph {
  readonly startSeconds: number
  readonly speaker: string | null
  readonly text: string
}

const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').trim()

/** What one voice says until another does or nobody for a while. */
function paragraphsOf(view: ProjectView): Paragraph[] {
  let made = 0
  return captionsByRules(view.captions, PARAGRAPH_RULES, () => `paragraph-${made++}`)
    .map((caption) => ({
      startSeconds: secondsFromTicks(caption.startTicks),
      speaker: view.speakerName(caption),
      text: oneLine(caption.text),
    }))
    .filter(({ text }) => text !== '')
}

/** `h:mm:ss`, as far as a reader wants to know it. */
function readTime(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds))
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60]
  return [hours, ...[minutes, rest].map((part) => String(part).padStart(2, '0'))].join(':')
}

/** Paragraphs with an empty line between them; a name stands before the first of those that its owner speaks. */
export function transcriptText(view: ProjectView): string {
  const paragraphs = paragraphsOf(view)
  return paragraphs
    .map(({ speaker, text }, n) => {
      // Somebody whom nobody named is not the one before.
      const isNew = speaker !== (paragraphs[n - 1]?.speaker ?? null)
      return `${isNew ? `${speaker ?? '?'}:\n` : ''}${text}\n`
    })
    .join('\n')
}

/** Signs that Markdown would read as its own. */
const escaped = (text: string): string =>
  text
    .replaceAll(/[\\`*_[\]<>#|~]/g, '\\$&')
    .replace(/^(\d+)([.)])/, '$1\\$2')
    .replace(/^[-+]/, '\\$&')

export function transcriptMarkdown(view: ProjectView): string {
  const parts = paragraphsOf(view).map(({ startSeconds, speaker, text }) => {
    const head = [`\`${readTime(startSeconds)}\``, ...(speaker === null ? [] : [`**${escaped(speaker)}**`])].join(' ')
    return `${head}\n\n${escaped(text)}\n`
  })
  return [`# ${escaped(oneLine(view.project.title))}\n`, ...parts].join('\n')
}

function segmentOf(view: ProjectView, caption: Caption) {
  return {
    start_s: secondsFromTicks(caption.startTicks),
    end_s: secondsFromTicks(caption.endTicks),
    speaker: view.speakerName(caption),
    text: caption.text,
    source: caption.source,
    asset: caption.assetId,
    ...(caption.words
      ? {
          words: caption.words.map((word) => ({
            text: word.text,
            start_s: secondsFromTicks(word.startTicks),
            end_s: secondsFromTicks(word.endTicks),
          })),
        }
      : {}),
  }
}

/** Every caption as it stands, seconds of the project; words only where somebody measured them. */
export function transcriptJson(view: ProjectView): string {
  const segments = view.captions.map((caption) => segmentOf(view, caption))
  return `${JSON.stringify({ title: view.project.title, segments }, null, 1)}\n`
}
