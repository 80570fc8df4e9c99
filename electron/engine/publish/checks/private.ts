/** What a package must not tell by accident: where it was recorded, and who is behind a name, a tag or a device. */
import { join } from 'node:path'
import { findLocation } from '../location/index.ts'
import { some, type PackageCheck } from './check.ts'

const EMAIL = /[\p{L}\p{N}._%+-]+@[\p{L}\p{N}.-]+\.\p{L}{2,}/u
/** As written abroad, with a plus: names of files are full of other digits. */
const TELEPHONE = /\+\d[\d ().-]{7,}\d/
const OWNERS_DEVICE = /\p{L}+[’']s[\s_-](i?phone|i?pad|galaxy|pixel|camera|gopro|macbook)/iu
const OWNER_TAG =
  /^(artist|author|owner|copyright|composer|publisher|(com\.apple\.quicktime\.)?(author|artist|copyright|owner)|.*serial.*)$/i

/** What a name gives away, or null. */
function personIn(text: string): string | null {
  if (EMAIL.test(text)) return 'an e-mail address'
  if (TELEPHONE.test(text)) return 'a telephone number'
  return OWNERS_DEVICE.test(text) ? 'the name of a device’s owner' : null
}

export const noLocation: PackageCheck = {
  id: 'location',
  blocking: true,
  async run({ assets, directory, rights }) {
    if (rights?.keepLocationData === true) return { ok: true, detail: 'Positions are kept, as chosen.' }
    const removed = assets.flatMap((asset) => asset.locationRemovedFrom)
    const found: string[] = []
    for (const asset of assets) {
      for (const file of asset.files) {
        const finding = await findLocation(join(directory, file.path), asset.probes.get(file.path) ?? null)
        if (finding !== null) found.push(`${file.path} ${finding}`)
      }
    }
    if (found.length > 0) {
      return {
        ok: false,
        detail: `Positions are still in the package: ${some(found)}.`,
        fix: 'Take them out of the recording and import it again, or choose to keep location data.',
      }
    }
    return {
      ok: true,
      detail: removed.length === 0 ? 'No positions were found.' : `Positions were taken out of ${some(removed)}.`,
    }
  },
}

export const noPersonalNames: PackageCheck = {
  id: 'personal-data',
  blocking: false,
  run({ assets, view }) {
    const found: string[] = []
    const look = (where: string, text: string): void => {
      const finding = personIn(text)
      if (finding !== null) found.push(`${where} holds ${finding}`)
    }
    look('the title of the project', view.project.title)
    for (const asset of assets) {
      look(`the title of ${asset.path}`, asset.asset.title)
      for (const file of asset.files) look(`the name of ${file.path}`, file.path.slice(file.path.lastIndexOf('/') + 1))
      for (const [path, probe] of asset.probes) {
        for (const [name, value] of probe.tags) {
          if (OWNER_TAG.test(name) && value.trim() !== '') found.push(`${path} has the tag ${name}`)
          else look(`the tag ${name} of ${path}`, value)
        }
      }
    }
    if (found.length === 0)
      return Promise.resolve({ ok: true, detail: 'No names, addresses or numbers of people were found.' })
    return Promise.resolve({
      ok: false,
      detail: `People may be found by what is written: ${some(found)}.`,
      fix: 'Rename the recordings or take the tags out, unless this is meant to be public.',
    })
  },
}
