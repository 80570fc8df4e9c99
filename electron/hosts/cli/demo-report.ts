/** The report of the demo, written to be enjoyed. */
import { basename } from 'node:path'
import type { z } from 'zod'
import type { demoAnswer } from '../../../shared/contract/answers.ts'
import { byteSize, describeStream, percent, signedPpm, signedSeconds } from './wording.ts'

type Demo = z.infer<typeof demoAnswer>

function starBar(stars: number): string {
  const full = Math.round(stars)
  return '★'.repeat(full) + '☆'.repeat(5 - full)
}

function section(title: string): string[] {
  return ['', title, '─'.repeat(title.length)]
}

export function demoReport(demo: Demo): string[] {
  const titles = new Map(demo.assets.map((asset) => [asset.id, basename(asset.path)]))
  const title = (id: string): string => titles.get(id) ?? id
  const width = Math.max(...[...titles.values()].map((each) => each.length))
  const reference = demo.sync.reference
  return [
    '',
    'ASTERISM   one take, from files to a minted submission',
    ...section('What came in'),
    ...demo.assets.map(
      (asset) => `  ${basename(asset.path).padEnd(width)}  ${asset.streams.map(describeStream).join(' · ')}`,
    ),
    ...section('Aligned in time'),
    ...demo.sync.assets.map((each) =>
      each.asset === reference
        ? `  ${title(each.asset).padEnd(width)}  the reference clock`
        : `  ${title(each.asset).padEnd(width)}  starts ${signedSeconds(each.offset_s)} (± ${(each.sigma_offset_s * 1e3).toFixed(2)} ms), runs ${signedPpm(each.rate_ppm)} (± ${each.sigma_rate_ppm.toFixed(1)}), by ${each.method}, ${percent(each.confidence)} sure`,
    ),
    ...demo.sync.unsynced.map((each) => `  ${title(each.asset).padEnd(width)}  not aligned: ${each.reason}`),
    ...section('Aligned in space'),
    ...demo.register.assets.map((each) =>
      each.asset === demo.register.world
        ? `  ${title(each.asset).padEnd(width)}  the world`
        : `  ${title(each.asset).padEnd(width)}  ${each.rmse_m === null ? '' : `${(each.rmse_m * 1e3).toFixed(1)} mm residual, `}${each.overlap === null ? '' : `${percent(each.overlap)} overlap, `}by ${each.method}, ${percent(each.confidence)} sure`,
    ),
    ...demo.register.unregistered.map((each) => `  ${title(each.asset).padEnd(width)}  not placed: ${each.reason}`),
    ...section('Worth'),
    `  ${starBar(demo.stars.stars)}  ${demo.stars.stars.toFixed(2)} stars, between ${demo.stars.low.toFixed(2)} and ${demo.stars.high.toFixed(2)} (${demo.stars.pack.id})`,
    ...demo.stars.signals.map(
      (signal) =>
        `    ${signal.contribution_stars >= 0 ? '+' : '−'}${Math.abs(signal.contribution_stars).toFixed(2)}  ${signal.id}: ${signal.why}`,
    ),
    ...demo.stars.suggestions
      .slice(0, 3)
      .map((each) => `    would raise it by ${each.delta_stars.toFixed(2)}: ${each.action}`),
    ...section('Packed'),
    `  ${demo.package.files} files, ${byteSize(demo.package.bytes)}`,
    `  root CID  ${demo.package.root_cid}`,
    ...demo.package.checks.filter((check) => !check.ok).map((check) => `  check failed: ${check.id}: ${check.detail}`),
    ...section('Minted on the practice network'),
    `  token     ${demo.mint.token_id}`,
    `  gas       ${demo.mint.gas_used}${demo.mint.already_minted ? ' (it was there from an earlier run)' : ''}`,
    `  again     ${demo.second_mint.already_minted ? 'found its own token and minted nothing' : 'MINTED TWICE: this is a fault'}`,
    ...section('Where it is'),
    `  project   ${demo.project}`,
    `  package   ${demo.package.path}`,
    `  CAR       ${demo.package.car}`,
    '',
    `  ${demo.seconds.toFixed(1)} s. Look at it: npm start`,
    '',
  ]
}
