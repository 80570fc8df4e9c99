/** The world by keys: which action a key means there, where steps go, and what figures say of a place. */
import { Euler, MathUtils, Matrix4, Quaternion, Vector3 } from 'three'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { DocumentRecord } from '../../../shared/document/records.ts'
import { projectRecord } from '../../fixtures/publish/project.ts'
import { loadFromWindow } from './window-modules.ts'

vi.stubGlobal('requestAnimationFrame', () => 1)
const { actions } = await loadFromWindow('actions/actions')
const { actionOfKey, conflictsOf } = await loadFromWindow('actions/action')
const { rebind } = await loadFromWindow('actions/keymap')
const { chooseTool, measurePoint, useStage } = await loadFromWindow('stage/stage-store')
const { lendToKeys } = await loadFromWindow('stage/world-keys')
const { axisSeen } = await loadFromWindow('stage/seen-axes')
const { boxStepped } = await loadFromWindow('stage/scan-boxes')
const { anglesOf, movedBy, placeByHand, reasonNotToMove, turnedBy, withAngles } =
  await loadFromWindow('stage/place-by-hand')

const byId = (id: string) => actions.find((action) => action.id === id)!
const run = (id: string): void => void byId(id).run({ commit: () => undefined })
const UP = [0, 1, 0]

describe('keys in the world', () => {
  beforeEach(() => chooseTool('look'))

  it('mean the world while it has the focus and a tool is in hand, else what they mean everywhere', () => {
    const meant = (key: string, place?: string): string | undefined => actionOfKey(actions, key, place)?.id
    expect(meant('ArrowLeft')).toBe('previousFrame')
    expect(meant('ArrowLeft', 'world')).toBe('previousFrame')
    expect(meant('Backspace', 'world')).toBe('lift')
    expect(meant('Ctrl+ArrowLeft', 'world')).toBe('viewLeft')
    expect(meant('Ctrl+ArrowLeft')).toBe('clipBefore')
    expect(meant('Space', 'world')).toBe('play')
    expect(meant('Enter')).toBeUndefined()
    chooseTool('measure')
    expect(meant('ArrowLeft', 'world')).toBe('worldLeft')
    expect(meant('Alt+ArrowLeft', 'world')).toBe('worldLeftFine')
    expect(meant('Backspace', 'world')).toBe('worldTakeBack')
    expect(meant('ArrowLeft')).toBe('previousFrame')
  })

  it('conflict with one another, and not with those of the whole window', () => {
    const intruder = { id: 'intruder', group: 'world', shortcuts: ['Enter', 'S'], place: 'world' }
    expect(conflictsOf([...actions, intruder])).toEqual(['Enter: worldPick and intruder'])
    expect(rebind(actions, 'viewAll', 'Enter')?.id).toBe('worldPick')
    expect(rebind(actions, 'marker', '0')?.id).toBe('zoomFit')
  })

  it('go to the crosshair, to the recording or to the box, by the tool', () => {
    const went: string[] = []
    const note =
      (what: string) =>
      (...step: unknown[]): void =>
        void went.push([what, ...step].join(' '))
    const back = lendToKeys({
      crosshair: note('crosshair'),
      recording: note('recording'),
      box: note('box'),
      pick: note('pick'),
    })
    run('worldLeft')
    chooseTool('landmarks')
    run('worldLeft')
    run('worldTowardFine')
    run('worldPick')
    expect(byId('worldRaise').disabledReason?.()).toMatch(/crosshair/)
    chooseTool('turn')
    run('worldRaise')
    chooseTool('boxes')
    run('worldAway')
    useStage.setState({ keysOnBox: true })
    run('worldAway')
    // From the box the same key leads back to the crosshair, and takes nothing.
    run('worldPick')
    run('worldPick')
    back()
    run('worldPick')
    expect(went).toEqual([
      'crosshair left false',
      'crosshair toward true',
      'pick',
      'recording raise false',
      'crosshair away false',
      'box away false',
      'pick',
    ])
  })

  it('take back one place at a time', () => {
    chooseTool('measure')
    measurePoint([0, 0, 0])
    measurePoint([1, 0, 0])
    run('worldTakeBack')
    expect(useStage.getState().measured).toEqual([[0, 0, 0]])
    run('worldTakeBack')
    run('worldTakeBack')
    expect(useStage.getState().measured).toEqual([])
  })
})

describe('a step', () => {
  const seen = (direction: string, right: readonly number[], up: readonly number[] = UP): string => {
    const { axis, sign } = axisSeen(direction, right, up)
    return `${sign < 0 ? '-' : '+'}${'xyz'[axis]}`
  }
  const directions = ['left', 'right', 'away', 'toward', 'raise', 'lower']

  it('goes along the axis that the person sees there', () => {
    // Looking along -z; from the other side; along -x.
    expect(directions.map((each) => seen(each, [1, 0, 0]))).toEqual(['-x', '+x', '-z', '+z', '+y', '-y'])
    expect(directions.map((each) => seen(each, [-1, 0, 0]))).toEqual(['+x', '-x', '+z', '-z', '+y', '-y'])
    expect(directions.map((each) => seen(each, [0.1, 0, -0.9]))).toEqual(['+z', '-z', '-x', '+x', '+y', '-y'])
  })

  it('to the side and away never share an axis, not even looking across a corner', () => {
    const corners = [-1, 1].flatMap((x) => [-1, 1].map((z) => [x, 0, z]))
    for (const right of [...corners, [0.8, 0, 0.6], [-0.6, 0, 0.8]]) {
      expect(seen('away', right).slice(1)).not.toBe(seen('right', right).slice(1))
    }
    // A scan that lies on its side has its own vertical.
    expect(seen('raise', [1, 0, 0], [0, 0.1, -0.99])).toBe('-z')
  })

  it('moves a box, or sizes it about the same middle, and never turns it inside out', () => {
    const box = { assetId: 'room', min: [0, 0, 0], max: [1, 1, 1] }
    const near = (values: readonly number[]) => values.map((value) => Number(value.toFixed(6)))
    const moved = boxStepped(box, 'translate', { axis: 1, sign: -1 }, false, false)
    expect([near(moved.min), near(moved.max)]).toEqual([
      [0, -0.1, 0],
      [1, 0.9, 1],
    ])
    const wider = boxStepped(box, 'scale', { axis: 0, sign: -1 }, true, true)
    expect([near(wider.min), near(wider.max)]).toEqual([
      [-0.005, 0, 0],
      [1.005, 1, 1],
    ])
    const thin = { assetId: 'room', min: [0, 0, 0], max: [1, 0.05, 1] }
    const least = boxStepped(thin, 'scale', { axis: 1, sign: 1 }, false, false)
    expect(least.max[1]! - least.min[1]!).toBeCloseTo(0.02)
  })
})

describe('places by figures', () => {
  const placed = (degrees: readonly [number, number, number]): number[] => {
    const [heading, pitch, roll] = degrees.map(MathUtils.degToRad)
    const turn = new Quaternion().setFromEuler(new Euler(pitch, heading, roll, 'YXZ'))
    return new Matrix4().compose(new Vector3(1, 2, 3), turn, new Vector3(2, 2, 2)).toArray()
  }

  it('say heading, pitch and roll as three does, and are put back by them', () => {
    for (const degrees of [[30, 20, 10] as const, [-170, -80, 120] as const, [0, 0, 0] as const]) {
      const matrix = placed([...degrees])
      anglesOf(matrix).forEach((angle, n) => expect(angle).toBeCloseTo(degrees[n]!, 6))
      withAngles(placed([5, 5, 5]), degrees).forEach((value, n) => expect(value).toBeCloseTo(matrix[n]!, 9))
    }
    // Straight up, heading and roll are one turn: all of it is heading.
    const upright = placed([40, 90, 15])
    withAngles(upright, anglesOf(upright)).forEach((value, n) => expect(value).toBeCloseTo(upright[n]!, 6))
  })

  it('are moved and turned about their own origin, with their scale', () => {
    const matrix = placed([0, 0, 0])
    expect(movedBy(matrix, [0, 0.1, 0]).slice(12, 15)).toEqual([1, 2.1, 3])
    const turned = turnedBy(matrix, 1, 90)
    expect(turned.slice(12, 15)).toEqual([1, 2, 3])
    placed([90, 0, 0]).forEach((value, n) => expect(turned[n]).toBeCloseTo(value, 9))
    const draft = new Map<string, DocumentRecord>()
    placeByHand(draft, 'part', turned)
    expect([...draft.values()]).toMatchObject([{ kind: 'transform', assetId: 'part', method: 'hand', manual: true }])
    expect((draft.values().next().value as { scale: number }).scale).toBeCloseTo(2)
  })

  it('are refused with the reason where nothing can be moved', () => {
    const document = new Map([projectRecord({ worldAssetId: 'room' })].map((record) => [record.id, record]))
    const shown = { asRecorded: false, preview: null }
    expect(reasonNotToMove(document, null, shown)).toMatch(/Select/)
    expect(reasonNotToMove(document, 'part', { ...shown, asRecorded: true })).toMatch(/another pose/)
  })
})
