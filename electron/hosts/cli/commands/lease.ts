import { actAnswer } from '../../../../shared/contract/chain-acts.ts'
import {
  act,
  actReport,
  addressOption,
  CHAIN_OPTIONS,
  CHAIN_USAGE,
  DAY_SECONDS,
  dispatch,
  ether,
  optionalAddress,
  seconds,
  until,
  whole,
} from '../chain-command.ts'
import { defineCommand, type CommandContext } from '../command.ts'
import { WORK_MEANS, workNamed } from '../work-argument.ts'

const work = (context: CommandContext) => workNamed(context.positionals[1])

async function grant(context: CommandContext) {
  const user = addressOption(context, 'to', 'the address of the lab')
  return await act(context, { act: 'grant', work: await work(context), user, expires: until(context) })
}

const ACTIONS = {
  grant,
  /** The contract lengthens the lease of the same user. */
  extend: grant,
  offer: async (context: CommandContext) =>
    await act(context, {
      act: 'offer',
      work: await work(context),
      terms: {
        kind: 'lease',
        priceWei: ether(context, 'rent'),
        spanSeconds: seconds(context, 'period-days', 'the length of a period', DAY_SECONDS),
        mostPeriods: whole(context, 'most', 'how many periods may be paid ahead'),
        only: optionalAddress(context, 'only'),
      },
    }),
  accept: async (context: CommandContext) =>
    await act(context, {
      act: 'rent',
      work: await work(context),
      periods: whole(context, 'periods', 'how many'),
    }),
  end: async (context: CommandContext) => await act(context, { act: 'endLease', work: await work(context) }),
  expire: async (context: CommandContext) => await act(context, { act: 'collect', work: await work(context) }),
  cancel: async (context: CommandContext) => await act(context, { act: 'cancel', work: await work(context) }),
} as const

export const leaseCommand = defineCommand({
  usage: [
    'grant|extend WORK --to ADDRESS --days N|--until DATE',
    'offer WORK --rent ETH --period-days N --most N [--only ADDRESS]',
    'accept WORK --periods N',
    'end|expire|cancel WORK',
  ],
  everyForm: CHAIN_USAGE,
  detail: `${WORK_MEANS} The market holds the rent, which is due period by period. --periods counts from now on, including periods that are already paid. Run again, a command finds what was already done.`,
  positionals: [2, 2],
  options: {
    ...CHAIN_OPTIONS,
    to: { type: 'string' },
    days: { type: 'string' },
    until: { type: 'string' },
    rent: { type: 'string' },
    'period-days': { type: 'string' },
    most: { type: 'string' },
    periods: { type: 'string' },
    only: { type: 'string' },
  },
  answer: actAnswer,
  run: async (context) => ({ answer: await dispatch('lease', ACTIONS, context) }),
  report: actReport,
})
