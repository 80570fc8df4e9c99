import { formatEther } from 'ethers'
import { ledgerAnswer, type LedgerAnswer } from '../../../../shared/contract/chain-acts.ts'
import { CHAIN_OPTIONS, networkOf, optionalAddress } from '../chain-command.ts'
import { defineCommand } from '../command.ts'

function workLines(work: LedgerAnswer['works'][number]): string[] {
  const { offer, lease } = work
  return [
    `${work.token_id}  ${work.title === null ? '' : `"${work.title}"  `}owner ${work.owner}${CAME[work.came]}`,
    ...(work.replaced_by === null ? [] : [`  replaced by ${work.replaced_by}`]),
    ...work.stars.map((each) => `  ${each.stars} stars (${each.low} to ${each.high}) by ${each.issuer}${taken(each)}`),
    ...work.contributions.map((each) => `  ${each.sentence}, attested by ${each.issuer}${taken(each)}`),
    ...(work.royalty ? [`  royalty ${work.royalty.percent} % of later sales to ${work.royalty.receiver}`] : []),
    ...(lease ? [`  leased to ${lease.user} until ${lease.expires}`] : []),
    ...(offer
      ? [
          `  offered: ${offer.kind} at ${formatEther(offer.price_wei)} ETH${offer.ends ? `, bids are taken until ${offer.ends} at least` : ''}`,
        ]
      : []),
    ...work.bids.map((bid) => `  bid ${formatEther(bid.amount_wei)} ETH by ${bid.bidder}`),
    ...work.sales.map((sale) => `  sold for ${formatEther(sale.price_wei)} ETH to ${sale.buyer}`),
  ]
}

const CAME = { minted: '', bought: '  (bought)', given: '  (sent by others)', bid: '  (bid for)', leased: '  (leased)' }

const taken = ({ revoked }: { revoked: boolean }): string => (revoked ? ' (revoked)' : '')

export const ledgerCommand = defineCommand({
  usage: 'PROJECT --network practice|NAME [--account ADDRESS]',
  positionals: [1, 1],
  options: { network: CHAIN_OPTIONS.network, account: CHAIN_OPTIONS.account },
  answer: ledgerAnswer,
  async run(context) {
    const input = { network: networkOf(context), account: optionalAddress(context, 'account') }
    await context.openProject(context.positionals[0]!)
    return { answer: await context.run('ledger', input) }
  },
  report: (answer) => [
    ...(answer.works.length === 0 ? ['no works on this network yet'] : answer.works.flatMap(workLines)),
    ...(answer.others_unread ? ['works of others are missing: this node does not tell of events by account'] : []),
    ...(answer.unproven_start_block === null
      ? []
      : [
          `read from block ${answer.unproven_start_block}, as networks.json says (contracts_since): this node cannot show that nothing was before it`,
        ]),
    `income ${formatEther(answer.income.total_wei)} ETH (sales ${formatEther(answer.income.sales_wei)}, royalties ${formatEther(answer.income.royalties_wei)}, rent ${formatEther(answer.income.rent_wei)}); to be withdrawn ${formatEther(answer.income.owed_wei)}`,
  ],
})
