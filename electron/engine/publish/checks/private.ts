/** What a package must not tell by accident: where it was recorded, and who is behind a name, a tag or a device. */
import { join } from 'node:path'
import { findLocation } from '../location/index.ts'
import { say, type Saying, type Wording } from '../../../../shared/sayings/saying.ts'
import { finding, some, type PackageCheck } from './check.ts'

const EMAIL = /[\p{L}\p{N}._%+-]+@[\p{L}\p{N}.-]+\.\p{L}{2,}/u
/** As written abroad, with a plus: names of files are full of other digits. */
const TELEPHONE = /\+\d[\d ().-]{7,}\d/
const OWNERS_DEVICE = /\p{L}+[’']s[\s_-](i?phone|i?pad|galaxy|pixel|camera|gopro|macbook)/iu
const OWNER_TAG =
  /^(artist|author|owner|copyright|composer|publisher|(com\.apple\.quicktime\.)?(author|artist|copyright|owner)|.*serial.*)$/i

/** What a name gives away, or null. */
function personIn(text: string): Saying | null {
  if (EMAIL.test(text)) return say('check.email')
  if (TELEPHONE.test(text)) return say('check.telephone')
  return OWNERS_DEVICE.test(text) ? say('check.deviceName') : null
}

export const noLocation: PackageCheck = {
  id: 'location',
  blocking: true,
  async run({ assets, directory, rights }) {
    if (rights?.keepLocationData === true) return finding(true, say('check.positionsKept'))
    const removed = assets.flatMap((asset) => asset.locationRemovedFrom)
    const found: Saying[] = []
    for (const asset of assets) {
      for (const file of asset.files) {
        const location = await findLocation(join(directory, file.path), asset.probes.get(file.path) ?? null)
        if (location !== null) found.push(say('check.located', { path: file.path, location }))
      }
    }
    if (found.length > 0) {
      return finding(false, say('check.positionsLeft', { which: some(found) }), say('check.fix.positions'))
    }
    if (removed.length === 0) return finding(true, say('check.noPositions'))
    return finding(true, say('check.positionsRemoved', { which: some(removed) }))
  },
}

export const noPersonalNames: PackageCheck = {
  id: 'personal-data',
  blocking: false,
  run({ assets, view }) {
    const found: Wording[] = []
    const look = (where: Saying, text: string): void => {
      const what = personIn(text)
      if (what !== null) found.push(say('check.holds', { where, what }))
    }
    look(say('check.projectTitle'), view.project.title)
    for (const asset of assets) {
      look(say('check.titleOf', { path: asset.path }), asset.asset.title)
      for (const { path } of asset.files) look(say('check.nameOf', { path }), path.slice(path.lastIndexOf('/') + 1))
      for (const [path, probe] of asset.probes) {
        for (const [name, value] of probe.tags) {
          if (OWNER_TAG.test(name) && value.trim() !== '') found.push(say('check.hasTag', { path, tag: name }))
          else look(say('check.tagOf', { tag: name, path }), value)
        }
      }
    }
    if (found.length === 0) return Promise.resolve(finding(true, say('check.noPeople')))
    return Promise.resolve(finding(false, say('check.people', { which: some(found) }), say('check.fix.people')))
  },
}
