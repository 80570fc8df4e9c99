/** The JSON-LD context of Croissant 1.1, with `https` for schema.org: readers refuse the `http` of the specification's text. */
import type { Json } from '../package/canonical-json.ts'

export const CROISSANT_VERSION = 'http://mlcommons.org/croissant/1.1'
export const SCHEMA_ORG = 'https://schema.org/'

const OWN_TERMS = [
  'annotation',
  'arrayShape',
  'citeAs',
  'column',
  'containedIn',
  'equivalentProperty',
  'extract',
  'field',
  'fileProperty',
  'fileObject',
  'fileSet',
  'format',
  'includes',
  'excludes',
  'isArray',
  'isLiveDataset',
  'jsonPath',
  'key',
  'md5',
  'parentField',
  'path',
  'recordSet',
  'references',
  'regex',
  'repeated',
  'replace',
  'samplingRate',
  'separator',
  'source',
  'subField',
  'transform',
] as const

export const CROISSANT_CONTEXT: Readonly<Record<string, Json>> = {
  '@language': 'en',
  '@vocab': SCHEMA_ORG,
  ...Object.fromEntries(OWN_TERMS.map((term) => [term, `cr:${term}`])),
  conformsTo: 'dct:conformsTo',
  cr: 'http://mlcommons.org/croissant/',
  data: { '@id': 'cr:data', '@type': '@json' },
  dataType: { '@id': 'cr:dataType', '@type': '@vocab' },
  dct: 'http://purl.org/dc/terms/',
  examples: { '@id': 'cr:examples', '@type': '@json' },
  prov: 'http://www.w3.org/ns/prov#',
  rai: 'http://mlcommons.org/croissant/RAI/',
  sc: SCHEMA_ORG,
}
