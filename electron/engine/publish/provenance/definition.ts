/** What the credentials of a file of a package say (C2PA 2.2 with the CAWG assertion on training and data mining 1.1). */
import type { Json } from '../package/canonical-json.ts'

/** As of every file in the manifest of a package. */
export interface CredentialedFile {
  readonly path: string
  readonly sha256: string
  readonly cid: string
  readonly media_type: string
}

const SOURCE = 'http://cv.iptc.org/newscodes/digitalsourcetype/'

export interface DefinitionContext {
  readonly version: string
  /** `training_mining.entries` of rights.json. */
  readonly trainingMining: Json
  /** Of the package. */
  readonly manifestSha256: string
  /** What was cut together into the file; empty for a recording. */
  readonly ingredients: readonly CredentialedFile[]
}

/** The manifest definition of the builder, as JSON. */
export function definitionOf(file: CredentialedFile, context: DefinitionContext): string {
  const isEdit = context.ingredients.length > 0
  return JSON.stringify({
    claim_version: 2,
    claim_generator_info: [{ name: 'Asterism', version: context.version }],
    title: nameOf(file.path),
    format: file.media_type,
    ingredients: context.ingredients.map((ingredient) => ({
      title: nameOf(ingredient.path),
      format: ingredient.media_type,
      instance_id: `sha256:${ingredient.sha256}`,
      relationship: 'componentOf',
      label: labelOf(ingredient),
    })),
    assertions: [
      {
        label: 'c2pa.actions.v2',
        data: {
          actions: [
            { action: 'c2pa.created', digitalSourceType: `${SOURCE}${isEdit ? 'compositeCapture' : 'digitalCapture'}` },
            ...context.ingredients.map((ingredient) => ({
              action: 'c2pa.placed',
              parameters: { ingredientIds: [labelOf(ingredient)] },
            })),
          ],
        },
      },
      { label: 'cawg.training-mining', data: { entries: context.trainingMining } },
      {
        label: 'org.asterism.package',
        data: { path: file.path, sha256: file.sha256, cid: file.cid, manifest_sha256: context.manifestSha256 },
      },
    ],
  })
}

const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1)
const labelOf = ({ sha256 }: CredentialedFile): string => `recording-${sha256.slice(0, 16)}`
