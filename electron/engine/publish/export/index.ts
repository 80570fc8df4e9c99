/** The registry of exporters. */
import { AsterismError } from '../../../../shared/errors.ts'
import { say } from '../../../../shared/sayings/saying.ts'
import { croissantExporter } from './croissant.ts'
import { edlExporter } from './edl.ts'
import type { Exporter } from './exporter.ts'
import { fcpxmlExporter } from './fcpxml.ts'
import { mp4Exporter, wavExporter, webmExporter } from './film.ts'
import { glbExporter } from './glb.ts'
import { hfFolderExporter } from './hf-folder.ts'
import { labelsCsvExporter, labelsJsonExporter, labelsVttExporter } from './labels.ts'
import { lerobotExporter } from './lerobot.ts'
import { mcapExporter } from './mcap.ts'
import { nerfstudioExporter } from './nerfstudio.ts'
import { otioExporter } from './otio.ts'
import { plyExporter } from './ply.ts'
import { srtExporter } from './srt.ts'
import { stillExporter } from './still.ts'
import { transcriptJsonExporter, transcriptMarkdownExporter, transcriptTextExporter } from './transcript.ts'
import { vttExporter, vttWordsExporter } from './vtt.ts'
import { webdatasetExporter } from './webdataset.ts'

export const EXPORTERS: readonly Exporter[] = [
  mp4Exporter,
  webmExporter,
  wavExporter,
  stillExporter,
  otioExporter,
  fcpxmlExporter,
  edlExporter,
  vttExporter,
  vttWordsExporter,
  srtExporter,
  transcriptTextExporter,
  transcriptMarkdownExporter,
  transcriptJsonExporter,
  labelsCsvExporter,
  labelsVttExporter,
  labelsJsonExporter,
  webdatasetExporter,
  lerobotExporter,
  hfFolderExporter,
  croissantExporter,
  mcapExporter,
  nerfstudioExporter,
  glbExporter,
  plyExporter,
]

/** @throws AsterismError `bad_input`, which names the known formats. */
export function exporter(id: string): Exporter {
  const found = EXPORTERS.find((each) => each.id === id)
  if (found === undefined) {
    throw new AsterismError('bad_input', say('export.noFormat', { id }), {
      fix: say('export.fix.oneOf', { names: EXPORTERS.map((each) => each.id).join(', ') }),
    })
  }
  return found
}
