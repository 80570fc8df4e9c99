import { actAnswer } from '../../../../shared/contract/chain-acts.ts'
import {
  act,
  actReport,
  CHAIN_OPTIONS,
  CHAIN_USAGE,
  dispatch,
  ether,
  optionalAddress,
  seconds,
} from '../chain-command.ts'
import { defineCommand, type CommandContext } from '../command.ts'
import { WORK_MEANS, workNamed } from '../work-argument.ts'

const work = (context: CommandContext) => workNamed(context.positionals[1])

const ACTIONS = {
  list: async (context: CommandContext) =>
    await act(context, {
      act: 'offer',
      work: await work(context),
      terms: {
        kind: 'auction',
        priceWei: ether(context, 'reserve'),
        spanSeconds: seconds(context, 'hours', 'how long bids are taken', 3_600),
        mostPeriods: 0,
        only: null,
      },
    }),
  sell: async (context: CommandContext) =>
    await act(context, {
      act: 'offer',
      work: await work(context),
      terms: {
        kind: 'sale',
        priceWei: ether(context, 'price'),
        spanSeconds: 0,
        mostPeriods: 0,
        only: optionalAddress(context, 'only'),
      },
    }),
  bid: async (context: CommandContext) =>
    await act(context, { act: 'bid', work: await work(context), amountWei: ether(context, 'amount') }),
  buy: async (context: CommandContext) => await act(context, { act: 'buy', work: await work(context) }),
  settle: async (context: CommandContext) => await act(context, { act: 'settle', work: await work(context) }),
  cancel: async (context: CommandContext) => await act(context, { act: 'cancel', work: await work(context) }),
  withdraw: async (context: CommandContext) => await act(context, { act: 'withdraw' }),
} as const

export const auctionCommand = defineCommand({
  usage: [
    'list WORK --reserve ETH --hours N',
    'sell WORK --price ETH [--only ADDRESS]',
    'bid WORK --amount ETH [--package PATH]',
    'buy WORK [--package PATH]',
    'settle|cancel WORK',
    'withdraw',
  ],
  everyForm: CHAIN_USAGE,
  detail: `${WORK_MEANS} Run again, a command finds what was already done. Given a package or its metadata.json, bid and buy name the licence; otherwise they can only say where to find it.`,
  positionals: [1, 2],
  options: {
    ...CHAIN_OPTIONS,
    reserve: { type: 'string' },
    hours: { type: 'string' },
    price: { type: 'string' },
    only: { type: 'string' },
    amount: { type: 'string' },
    package: { type: 'string' },
  },
  answer: actAnswer,
  run: async (context) => ({ answer: await dispatch('auction', ACTIONS, context) }),
  report: actReport,
})
