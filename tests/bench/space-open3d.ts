/** Open3D (Debian's python3-open3d, one thread) on the same clouds: ICP over scales, and its two global methods. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

export interface Open3dAnswer {
  readonly cpuSeconds: number
  /** target_from_source, column-major. */
  readonly matrix: number[]
}

const HEAD = `
import sys, time, numpy as np, open3d as o3d
reg = o3d.pipelines.registration
d = sys.argv[1]
cloud = lambda n: o3d.geometry.PointCloud(o3d.utility.Vector3dVector(np.fromfile(d + '/' + n, np.float32).reshape(-1, 3).astype(float)))
t, s = cloud('target.f32'), cloud('source.f32')
def icp(pose, scales):
    for cell, gate in scales:
        a, b = t.voxel_down_sample(cell), s.voxel_down_sample(cell)
        a.estimate_normals(o3d.geometry.KDTreeSearchParamKNN(16))
        pose = reg.registration_icp(b, a, gate, pose, reg.TransformationEstimationPointToPlane(reg.TukeyLoss(k=gate / 2)), reg.ICPConvergenceCriteria(1e-7, 1e-7, 30)).transformation
    return pose
def say(begin, pose): print(time.process_time() - begin, *np.asarray(pose).T.ravel())
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

/** One answer for `icp`, two for `global` (RANSAC, then FGR), or why there is none. */
export function runOpen3d(
  kind: 'icp' | 'global',
  target: Float32Array,
  source: Float32Array,
  start?: readonly number[],
): readonly Open3dAnswer[] | string {
  const folder = mkdtempSync(path.join(tmpdir(), 'space-bench-'))
  try {
    writeFileSync(path.join(folder, 'target.f32'), target)
    writeFileSync(path.join(folder, 'source.f32'), source)
    if (start) writeFileSync(path.join(folder, 'start.f64'), Float64Array.from(start))
    // Debian's own interpreter: the package is not for any other.
    const output = execFileSync('/usr/bin/python3', ['-c', HEAD + (kind === 'icp' ? ICP : GLOBAL), folder], {
      encoding: 'utf8',
      env: { ...process.env, OMP_NUM_THREADS: '1' },
      timeout: 400_000,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    return output
      .trim()
      .split('\n')
      .map((line) => line.split(' ').map(Number))
      .filter((numbers) => numbers.length === 17)
      .map(([cpuSeconds, ...matrix]) => ({ cpuSeconds, matrix }))
  } catch (error) {
    const why = error instanceof Error ? error.message.split('\n').find((line) => /Error/.test(line)) : String(error)
    return why ?? 'no reason given'
  } finally {
    rmSync(folder, { recursive: true })
  }
}
