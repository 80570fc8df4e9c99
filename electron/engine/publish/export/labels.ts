import { labelsCsv, labelsJson, labelsVtt } from '../formats/labels.ts'
import { requireSpans } from './refusals.ts'
import { textExporter } from './text-exporter.ts'

export const labelsCsvExporter = textExporter(
  { id: 'labels-csv', title: 'Labels as a table (CSV)', extension: '.csv', purpose: 'labels' },
  (view) => labelsCsv(view, requireSpans(view)),
)

export const labelsVttExporter = textExporter(
  { id: 'labels-vtt', title: 'Labels as WebVTT', extension: '.vtt', purpose: 'labels' },
  (view) => labelsVtt(requireSpans(view)),
)

export const labelsJsonExporter = textExporter(
  { id: 'labels-json', title: 'Labels as JSON in the manner of COCO', extension: '.json', purpose: 'labels' },
  (view) => labelsJson(view, requireSpans(view)),
)
