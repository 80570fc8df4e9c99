/**
 * Runs in the browser: draws frames of the room on request. The host hands over packed surfaces, textures and the
 * light atlas once, then a list of limbs and a camera for every frame, and reads JPEG back.
 */
import * as THREE from 'three'
import type { FrameRequest, PackedGroup, PackedScene } from './packed-scene.ts'

interface Host {
  loadScene(): Promise<PackedScene>
  bytes(name: string): Promise<ArrayBuffer>
}

interface Canvas {
  toDataURL(type: string, quality: number): string
}

const COLOURS: Readonly<Record<string, readonly [number, number, number]>> = {
  skin: [0.42, 0.21, 0.125],
  sweater: [0.42, 0.1, 0.065],
  trousers: [0.045, 0.065, 0.1],
  shoe: [0.05, 0.045, 0.04],
  hair: [0.025, 0.016, 0.01],
  cup: [0.74, 0.7, 0.6],
  tea: [0.16, 0.06, 0.015],
}

const OCCLUDERS = 6

const RESPONSE = `
  vec3 respond(vec3 x) {
    x *= 1.3;
    vec3 y = clamp((x * (2.51 * x + 0.03)) / (x * (2.43 * x + 0.59) + 0.14), 0.0, 1.0);
    return mix(12.92 * y, 1.055 * pow(y, vec3(1.0 / 2.4)) - 0.055, step(0.0031308, y));
  }
  /* What a polished surface at p throws toward the eye of the window: a soft-edged rectangle, no occlusion. */
  vec3 windowGlint(vec3 p, vec3 n, vec3 eye, float gloss) {
    vec3 r = reflect(normalize(p - eye), n);
    if (r.z > -0.05) return vec3(0.0);
    float t = (-0.2 - p.z) / r.z;
    vec2 q = (p + r * t).xy;
    float soft = mix(0.9, 0.12, gloss) * clamp(t * 0.5, 0.15, 1.0);
    vec2 low = smoothstep(vec2(1.75, 0.78) - soft, vec2(1.75, 0.78) + soft, q);
    vec2 high = 1.0 - smoothstep(vec2(3.75, 2.2) - soft, vec2(3.75, 2.2) + soft, q);
    return vec3(2.3, 2.5, 2.6) * low.x * low.y * high.x * high.y;
  }
`

const VERTEX = `
  attribute vec2 lightUv; attribute vec4 paint; attribute vec2 glow;
  varying vec2 vUv; varying vec2 vLight; varying vec3 vAt; varying vec3 vNormal; varying vec4 vPaint; varying vec2 vGlow;
  void main() {
    vUv = uv; vLight = lightUv; vAt = position; vNormal = normal; vPaint = paint; vGlow = glow;
    gl_Position = projectionMatrix * viewMatrix * vec4(position, 1.0);
  }
`

const FRAGMENT = `
  uniform sampler2D map; uniform sampler2D daylight; uniform sampler2D lamp; uniform float lampLevel;
  uniform vec3 eye; uniform vec4 occluders[${OCCLUDERS}];
  varying vec2 vUv; varying vec2 vLight; varying vec3 vAt; varying vec3 vNormal; varying vec4 vPaint; varying vec2 vGlow;
  ${RESPONSE}
  void main() {
    vec3 n = normalize(vNormal);
    vec3 albedo = min(texture2D(map, vUv).rgb * vPaint.rgb, vec3(0.92));
    vec3 light = texture2D(daylight, vLight).rgb + lampLevel * texture2D(lamp, vLight).rgb;
    float shadow = 1.0;
    /* The third stands for the trunk, the sixth for the cup: far from both nothing is darkened. */
    if (distance(vAt.xz, occluders[2].xz) < 1.7 || distance(vAt, occluders[5].xyz) < 0.3)
    for (int i = 0; i < ${OCCLUDERS}; i++) {
      vec3 d = occluders[i].xyz - vAt;
      float l2 = max(dot(d, d), 1e-4);
      float r2 = occluders[i].w * occluders[i].w;
      shadow *= 1.0 - clamp(max(0.0, dot(n, d) * inversesqrt(l2) * 0.85 + 0.15) * r2 / max(l2, r2) * 1.05, 0.0, 0.9);
    }
    vec3 c = albedo * (light * shadow + vGlow.x + vGlow.y * lampLevel);
    if (vPaint.a > 0.01) {
      float f = 0.035 + 0.965 * pow(1.0 - clamp(dot(n, normalize(eye - vAt)), 0.0, 1.0), 5.0);
      float open = clamp(dot(texture2D(daylight, vLight).rgb, vec3(0.9)) , 0.12, 1.0);
      c += windowGlint(vAt, n, eye, vPaint.a) * f * vPaint.a * open * shadow * 1.5;
    }
    gl_FragColor = vec4(respond(c), 1.0);
  }
`

const LIMB_VERTEX = `
  varying vec3 vAt; varying vec3 vNormal;
  void main() {
    vec4 p = modelMatrix * vec4(position, 1.0);
    vAt = p.xyz;
    mat3 m = mat3(modelMatrix);
    vec3 s = vec3(dot(m[0], m[0]), dot(m[1], m[1]), dot(m[2], m[2]));
    vNormal = m * (normal / s);
    gl_Position = projectionMatrix * viewMatrix * p;
  }
`

const LIMB_FRAGMENT = `
  uniform vec3 colour; uniform vec3 cube[6]; uniform vec3 eye; uniform float gloss;
  varying vec3 vAt; varying vec3 vNormal;
  ${RESPONSE}
  void main() {
    vec3 n = normalize(vNormal);
    vec3 s = n * n;
    vec3 light = s.x * (n.x > 0.0 ? cube[0] : cube[1]) + s.y * (n.y > 0.0 ? cube[2] : cube[3]) + s.z * (n.z > 0.0 ? cube[4] : cube[5]);
    float rim = pow(1.0 - clamp(dot(n, normalize(eye - vAt)), 0.0, 1.0), 4.0);
    vec3 c = colour * light * 1.1 + light * 0.06 * rim;
    c += windowGlint(vAt, n, eye, 0.2) * gloss * (0.04 + rim);
    gl_FragColor = vec4(respond(c), 1.0);
  }
`

export async function start(host: Host): Promise<(request: FrameRequest) => string> {
  const scene = await host.loadScene()
  const renderer = new THREE.WebGLRenderer({ antialias: true, preserveDrawingBuffer: true })
  renderer.setPixelRatio(1)
  renderer.outputColorSpace = THREE.LinearSRGBColorSpace
  // Beyond the painted view there is only more lawn.
  renderer.setClearColor(new THREE.Color().setRGB(0.83, 0.9, 0.72, THREE.LinearSRGBColorSpace))
  const world = new THREE.Scene()
  world.matrixWorldAutoUpdate = true

  const atlas = async (name: string): Promise<THREE.DataTexture> => {
    const data = new Uint16Array(await host.bytes(name))
    const t = new THREE.DataTexture(data, scene.atlas.width, scene.atlas.height, THREE.RGBAFormat, THREE.HalfFloatType)
    t.minFilter = THREE.LinearFilter
    t.magFilter = THREE.LinearFilter
    t.needsUpdate = true
    return t
  }
  const shared = {
    daylight: { value: await atlas('daylight') },
    lamp: { value: await atlas('lamp') },
    lampLevel: { value: 0 },
    eye: { value: new THREE.Vector3() },
    occluders: { value: Array.from({ length: OCCLUDERS }, () => new THREE.Vector4(0, -9, 0, 0)) },
  }

  const addGroup = async (group: PackedGroup): Promise<void> => {
    const geometry = new THREE.BufferGeometry()
    for (const [name, size] of [
      ['position', 3],
      ['normal', 3],
      ['uv', 2],
      ['lightUv', 2],
      ['paint', 4],
      ['glow', 2],
    ] as const) {
      geometry.setAttribute(
        name,
        new THREE.BufferAttribute(new Float32Array(await host.bytes(`${group.texture}.${name}`)), size),
      )
    }
    geometry.setIndex(new THREE.BufferAttribute(new Uint32Array(await host.bytes(`${group.texture}.index`)), 1))
    const map = new THREE.DataTexture(
      new Uint8Array(await host.bytes(`${group.texture}.pixels`)),
      group.size,
      group.size,
    )
    map.colorSpace = THREE.SRGBColorSpace
    map.wrapS = THREE.RepeatWrapping
    map.wrapT = THREE.RepeatWrapping
    map.generateMipmaps = true
    map.minFilter = THREE.LinearMipmapLinearFilter
    map.magFilter = THREE.LinearFilter
    map.anisotropy = 2
    map.needsUpdate = true
    const material = new THREE.ShaderMaterial({
      vertexShader: VERTEX,
      fragmentShader: FRAGMENT,
      uniforms: { ...shared, map: { value: map } },
      side: THREE.FrontSide,
    })
    const mesh = new THREE.Mesh(geometry, material)
    mesh.frustumCulled = false
    // What fills the background is drawn last, so that what stands before it is not shaded twice.
    mesh.renderOrder = group.texture === 'view' ? 3 : ['floor', 'plaster'].includes(group.texture) ? 2 : 1
    world.add(mesh)
  }
  for (const group of scene.groups) await addGroup(group)

  const shapes: Record<string, THREE.BufferGeometry> = {
    ball: new THREE.SphereGeometry(1, 32, 24),
    round: new THREE.LatheGeometry(
      Array.from({ length: 25 }, (_, i) => {
        const v = i / 24
        const end = v < 0.5 ? v : 1 - v
        const r = (end < 0.08 ? Math.sqrt(Math.max(0, 1 - ((0.08 - end) / 0.08) ** 2)) : 1) * (1.08 - 0.2 * v)
        return new THREE.Vector2(Math.max(1e-4, r), v * 1.1 - 0.05)
      }),
      24,
    ),
    cup: new THREE.LatheGeometry(
      [
        [0, 0],
        [0.026, 0],
        [0.034, 0.02],
        [0.037, 0.08],
        [0.034, 0.081],
        [0.032, 0.06],
        [0, 0.01],
      ].map(([x, y]) => new THREE.Vector2(x, y)),
      28,
    ),
  }
  const cubes = Array.from({ length: 6 }, () => new THREE.Vector3())
  const limbMaterials = Object.fromEntries(
    Object.entries(COLOURS).map(([name, c]) => [
      name,
      new THREE.ShaderMaterial({
        vertexShader: LIMB_VERTEX,
        fragmentShader: LIMB_FRAGMENT,
        uniforms: {
          colour: { value: new THREE.Vector3(...c) },
          cube: { value: cubes },
          eye: shared.eye,
          gloss: { value: name === 'cup' ? 0.5 : name === 'shoe' ? 0.2 : 0.05 },
        },
      }),
    ]),
  )
  const person = new THREE.Group()
  world.add(person)
  const camera = new THREE.PerspectiveCamera(50, 1, 0.03, 40)

  return (request) => {
    const { width, height } = request
    renderer.setSize(width, height, false)
    camera.fov = (request.fieldOfView * 180) / Math.PI
    camera.aspect = width / height
    camera.position.set(...request.position)
    camera.quaternion.set(...request.rotation)
    camera.updateProjectionMatrix()
    shared.eye.value.set(...request.position)
    shared.lampLevel.value = request.lampLevel
    request.ambientCube.forEach((c, i) => cubes[i].set(...c))
    shared.occluders.value.forEach((o, i) => {
      const from = request.occluders[i]
      if (from) o.set(...from)
      else o.set(0, -9, 0, 0)
    })
    person.clear()
    for (const limb of request.limbs) {
      const mesh = new THREE.Mesh(shapes[limb.shape], limbMaterials[limb.colour])
      mesh.position.set(...limb.position)
      mesh.quaternion.set(...limb.rotation)
      mesh.scale.set(...limb.size)
      person.add(mesh)
    }
    renderer.render(world, camera)
    return (renderer.domElement as unknown as Canvas).toDataURL('image/jpeg', 0.96)
  }
}
