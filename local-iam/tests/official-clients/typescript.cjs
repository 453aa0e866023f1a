// The documented flows of @affinidi-tdk/auth-provider and @affinidi-tdk/iam-client, against the local service.

const assert = require('node:assert/strict')
const crypto = require('node:crypto')
const { AuthProvider } = require('@affinidi-tdk/auth-provider')
const iam = require('@affinidi-tdk/iam-client')

const ready = JSON.parse(process.env.READY)
const basePath = ready.iam_base_url
const gateway = basePath.replace(/\/iam$/, '')

const configuration = (apiKey) => new iam.Configuration({ basePath, apiKey })

/** The body of the response, or an error with what the service returned. */
const data = (call) =>
  call.then(
    (response) => response.data,
    (error) => {
      throw new Error(`${error.config?.method} ${error.config?.url}: ${JSON.stringify(error.response?.data)}`)
    },
  )

const refused = (call, status, name) =>
  assert.rejects(call, (error) => {
    assert.deepEqual([error.response?.status, error.response?.data.name], [status, name])
    return true
  })

async function userToken() {
  const response = await fetch(`${ready.management_url}/user-tokens`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  })
  return (await response.json()).accessToken
}

const base64url = (value) => Buffer.from(JSON.stringify(value)).toString('base64url')

function base58(bytes) {
  const alphabet = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'
  let number = BigInt(`0x${Buffer.from(bytes).toString('hex')}`)
  let text = ''
  for (; number > 0n; number /= 58n) text = alphabet[Number(number % 58n)] + text
  return text
}

/** A consumer with a did:key (P-256) that signs its own assertions. */
function newConsumer() {
  const { privateKey, publicKey } = crypto.generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const { x, y } = publicKey.export({ format: 'jwk' })
  const parity = 2 + (Buffer.from(y, 'base64url').at(-1) & 1)
  const key = `z${base58([0x80, 0x24, parity, ...Buffer.from(x, 'base64url')])}`
  const did = `did:key:${key}`
  const assertion = (sub) => {
    const now = Math.floor(Date.now() / 1000)
    const aud = `${basePath}/v1/consumer/oauth2/token`
    const header = base64url({ alg: 'ES256', typ: 'JWT', kid: `${did}#${key}` })
    const claims = base64url({ iss: did, sub, aud, jti: crypto.randomUUID(), iat: now, exp: now + 300 })
    const signer = crypto.createSign('SHA256').update(`${header}.${claims}`)
    return `${header}.${claims}.${signer.sign({ key: privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`
  }
  const token = (type = 'client', sub = did) =>
    data(
      new iam.ConsumerAuthApi(configuration()).consumerAuthTokenEndpoint({
        grant_type: type === 'client' ? 'client_credentials' : 'affinidi_delegation',
        client_assertion_type: `urn:ietf:params:oauth:${type}-assertion-type:jwt-bearer`,
        client_assertion: assertion(sub),
        client_id: did,
      }),
    )
  return { did, token }
}

async function projectsAndTokens(user) {
  const projects = new iam.ProjectsApi(configuration(user))
  const tokens = new iam.TokensApi(configuration(user))
  const created = []
  for (const name of ['first', 'second', 'third']) created.push(await data(projects.createProject({ name })))
  const listed = []
  for (let cursor; ; ) {
    const page = await data(projects.listProject(2, cursor))
    listed.push(...page.projects.map((project) => project.id))
    cursor = page.lastEvaluatedKey
    if (!cursor) break
  }
  assert.deepEqual(listed, [ready.project_id, ...created.map((project) => project.id)])
  const changed = await data(projects.updateProject(created[0].id, { name: 'renamed' }))
  assert.equal(changed.name, 'renamed')
  assert.deepEqual(await data(projects.getProject(created[0].id)), changed)

  const who = await data(new iam.StsApi(configuration(user)).whoami())
  assert.deepEqual(who, { principalId: ready.user_id, principalType: 'user' })

  // An RSA-4096 key with a passphrase, as the official command line makes them.
  const passphrase = 'correct horse'
  const { privateKey, publicKey } = crypto.generateKeyPairSync('rsa', {
    modulusLength: 4096,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase },
  })
  const { n, e } = publicKey.export({ format: 'jwk' })
  const jwks = { keys: [{ kid: 'key-1', kty: 'RSA', n, e, alg: 'RS256', use: 'sig' }] }
  const token = await data(
    tokens.createToken({
      name: 'continuous integration',
      authenticationMethod: { type: 'PRIVATE_KEY', signingAlgorithm: 'RS256', publicKeyInfo: { jwks } },
    }),
  )
  assert.equal((await data(tokens.updateToken(token.id, { name: 'deployment' }))).name, 'deployment')
  assert.equal((await data(tokens.getToken(token.id))).name, 'deployment')
  assert.equal((await data(tokens.listToken(1))).tokens.length, 1)
  return { id: token.id, privateKey, passphrase, tokens }
}

async function personalAccessToken(user, token) {
  const sts = new iam.StsApi(configuration(user))
  const { accessToken } = await data(sts.createProjectScopedToken({ projectId: ready.project_id }))
  const owner = configuration(accessToken)
  const principals = new iam.ProjectsApi(owner)
  const policies = new iam.PoliciesApi(owner)
  await data(principals.addPrincipalToProject({ principalId: token.id, principalType: 'token' }))

  const provider = new AuthProvider({
    apiGatewayUrl: gateway,
    tokenEndpoint: ready.token_endpoint,
    tokenId: token.id,
    keyId: 'key-1',
    privateKey: token.privateKey,
    passphrase: token.passphrase,
    projectId: ready.project_id,
  })
  const machine = configuration(provider.fetchProjectScopedToken.bind(provider))
  const asMachine = new iam.ProjectsApi(machine)
  await refused(asMachine.listPrincipalsOfProject(), 403, 'ActionForbiddenError')

  const policy = await data(policies.getPolicies(token.id, 'token'))
  policy.statement.push({
    effect: 'Allow',
    principal: [`ari:iam::${ready.project_id}:token/${token.id}`],
    action: ['iam:*'],
    resource: ['*'],
  })
  assert.deepEqual(await data(policies.updatePolicies(token.id, 'token', policy)), policy)
  const { records } = await data(asMachine.listPrincipalsOfProject())
  assert.ok(records.some((record) => record.principalId === `token/${token.id}`))
  await refused(asMachine.deletePrincipalFromProject(token.id, 'token'), 409, 'PrincipalCannotBeDeletedError')

  const { projects } = await data(token.tokens.listProjectsOfToken(token.id))
  assert.deepEqual(projects.map((project) => project.id), [ready.project_id])
  await data(principals.deletePrincipalFromProject(token.id, 'token'))
  await data(token.tokens.deleteToken(token.id))
  await refused(token.tokens.getToken(token.id), 404, 'NotFoundError')
}

async function consumers() {
  const [profile, other] = [newConsumer(), newConsumer()]
  const { access_token, expires_in, token_type } = await profile.token()
  assert.deepEqual([expires_in, token_type], [3600, 'Bearer'])
  const authz = new iam.AuthzApi(configuration(access_token))
  const granted = await data(authz.grantAccessVfs({ granteeDid: other.did, rights: ['vfs-read'] }))
  assert.equal(granted.success, true)
  const delegated = await other.token('delegation', profile.did)
  const { sub, act } = JSON.parse(Buffer.from(delegated.access_token.split('.')[1], 'base64url'))
  assert.deepEqual([sub, act], [profile.did, { sub: other.did }])
  const updated = await data(authz.updateAccessVfs(other.did, { rights: ['vfs-read', 'vfs-write'] }))
  assert.equal(updated.success, true)
  await data(authz.deleteAccessVfs(other.did))
  await assert.rejects(other.token('delegation', profile.did), /UnauthorizedError/)
}

async function wellKnown() {
  const api = new iam.WellKnownApi(configuration())
  const jwks = await data(api.getWellKnownJwks())
  const did = await data(api.getWellKnownDid())
  assert.equal(did.verificationMethod[0].publicKeyJwk.kid, jwks.keys[0].kid)
}

async function main() {
  const user = await userToken()
  await personalAccessToken(user, await projectsAndTokens(user))
  await consumers()
  await wellKnown()
  console.log('official TypeScript client: all flows passed')
}

main().catch((error) => {
  console.error(error)
  process.exit(1)
})
