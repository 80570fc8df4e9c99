/** Open3D (Debian's python3-open3d, one thread) on the same clouds: ICP over scales, and its two global methods. */
import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'

export interface Open3dAnswer {
  readonly cpuSeconds: number
  /** target_from_source, column-major. */
  readonly matrix: number[]
}

const HEAD = `
import sys, time, numpy as np, open3d as o3d
reg = o3d.pipelines.registration
cloud = lambda n: o3d.geometry.PointCloud(o3d.utility.Vector3dVector(np.fromfile(d + '/' + n, np.float32).reshape(-1, 3).astype(float)))
def icp(pose, scales):
    for cell, gate in scales:
        a, b = t.voxel_down_sample(cell), s.voxel_down_sample(cell)
        a.estimate_normals(o3d.geometry.KDTreeSearchParamKNN(16))
        pose = reg.registration_icp(b, a, gate, pose, reg.TransformationEstimationPointToPlane(reg.TukeyLoss(k=gate / 2)), reg.ICPConvergenceCriteria(1e-7, 1e-7, 30)).transformation
    return pose
def say(begin, pose): print(time.process_time() - begin, *np.asarray(pose).T.ravel())
for d in sys.argv[1:]:
    t, s = cloud('target.f32'), cloud('source.f32')
`

const ICP = `
pose = np.fromfile(d + '/start.f64').reshape(4, 4).T
begin = time.process_time()
say(begin, icp(pose, [(.2, .6), (.06, .2), (.025, .06)]))
`

const GLOBAL = `
cell = .1
def prepared(c):
    c = c.voxel_down_sample(cell)
    c.estimate_normals(o3d.geometry.KDTreeSearchParamHybrid(cell * 2, 30))
    return c, reg.compute_fpfh_feature(c, o3d.geometry.KDTreeSearchParamHybrid(cell * 5, 100))
for method in ('ransac', 'fgr'):
    begin = time.process_time()
    (a, fa), (b, fb) = prepared(t), prepared(s)
    if method == 'ransac':
        checks = [reg.CorrespondenceCheckerBasedOnEdgeLength(.9), reg.CorrespondenceCheckerBasedOnDistance(cell * 1.5)]
        r = reg.registration_ransac_based_on_feature_matching(b, a, fb, fa, True, cell * 1.5, reg.TransformationEstimationPointToPoint(False), 3, checks, reg.RANSACConvergenceCriteria(100000, .999))
    else:
        r = reg.registration_fgr_based_on_feature_matching(b, a, fb, fa, reg.FastGlobalRegistrationOption(maximum_correspondence_distance=cell * .5))
    say(begin, icp(r.transformation, [(.06, .2), (.025, .06)]))
`

export interface Open3dPair {
  readonly target: Float32Array
  readonly source: Float32Array
  readonly start?: readonly number[]
}

/**
 * For every pair one answer for `icp`, two for `global` (RANSAC, then FGR); or why there is none. It runs in a process
 * of its own, so that this one may go on measuring: times are CPU times.
 */
export async function runOpen3d(
  kind: 'icp' | 'global',
  pairs: readonly Open3dPair[],
): Promise<readonly Open3dAnswer[] | string> {
  const folder = mkdtempSync(path.join(tmpdir(), 'space-bench-'))
  try {
    const folders = pairs.map(({ target, source, start }, i) => {
      const own = path.join(folder, String(i))
      mkdirSync(own)
      writeFileSync(path.join(own, 'target.f32'), target)
      writeFileSync(path.join(own, 'source.f32'), source)
      if (start) writeFileSync(path.join(own, 'start.f64'), Float64Array.from(start))
      return own
    })
    // Debian's own interpreter: the package is not for any other.
    const program = HEAD + (kind === 'icp' ? ICP : GLOBAL).replaceAll(/^/gm, '    ')
    const { stdout } = await promisify(execFile)('/usr/bin/python3', ['-c', program, ...folders], {
      encoding: 'utf8',
      env: { ...process.env, OMP_NUM_THREADS: '1' },
      timeout: 400_000,
    })
    return stdout
      .trim()
      .split('\n')
      .map((line) => line.split(' ').map(Number))
      .filter((numbers) => numbers.length === 17)
      .map(([cpuSeconds, ...matrix]) => ({ cpuSeconds, matrix }))
  } catch (error) {
    const lines = error instanceof Error ? error.message.split('\n') : [String(error)]
    return lines.find((line) => /Error/.test(line)) ?? lines[0] ?? 'no reason given'
  } finally {
    rmSync(folder, { recursive: true })
  }
}
