/** What a job is called in the language of the window. */
import type { Job } from '../../../shared/contract/jobs.ts'
import { t, type PlainKey } from '../i18n/text.ts'

/** Kinds that do several things have a name for each. */
const TASKS: Readonly<Record<string, PlainKey>> = {
  'mint.cost': 'job.mint.cost',
  'chainAct.offer': 'job.act.offer',
  'chainAct.cancel': 'job.act.cancel',
  'chainAct.buy': 'job.act.buy',
  'chainAct.bid': 'job.act.bid',
  'chainAct.settle': 'job.act.settle',
  'chainAct.withdraw': 'job.act.withdraw',
  'chainAct.grant': 'job.act.grant',
  'chainAct.rent': 'job.act.rent',
  'chainAct.collect': 'job.act.collect',
  'chainAct.endLease': 'job.act.endLease',
  'chainAct.transfer': 'job.act.transfer',
  'chainAct.publish': 'job.act.publish',
  'chainAct.revoke': 'job.act.revoke',
  'chainAct.deploy': 'job.act.deploy',
  'chainAct.openCollection': 'job.act.openCollection',
  'chainAct.mintBatch': 'job.act.mintBatch',
  'chainAct.redeem': 'job.act.redeem',
  'chainAct.withdrawVouchers': 'job.act.withdrawVouchers',
  'chainAct.setRoyalty': 'job.act.setRoyalty',
}

export function jobWords({ kind, about }: Pick<Job, 'kind' | 'about'>): string {
  const title = t(TASKS[`${kind}.${about?.task}`] ?? `job.${kind}`)
  return about?.subject ? t('job.of', { title, subject: about.subject }) : title
}
