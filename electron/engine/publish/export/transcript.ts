import { transcriptJson, transcriptMarkdown, transcriptText } from '../formats/transcript.ts'
import { requireCaptions } from './refusals.ts'
import { textExporter } from './text-exporter.ts'

export const transcriptTextExporter = textExporter(
  { id: 'transcript-txt', title: 'Transcript as text', extension: '.txt', purpose: 'captions' },
  (view) => {
    requireCaptions(view)
    return transcriptText(view)
  },
)

export const transcriptMarkdownExporter = textExporter(
  { id: 'transcript-md', title: 'Transcript as Markdown, with times', extension: '.md', purpose: 'captions' },
  (view) => {
    requireCaptions(view)
    return transcriptMarkdown(view)
  },
)

export const transcriptJsonExporter = textExporter(
  { id: 'transcript-json', title: 'Transcript as JSON, word by word', extension: '.json', purpose: 'captions' },
  (view) => {
    requireCaptions(view)
    return transcriptJson(view)
  },
)
