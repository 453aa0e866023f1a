#!/usr/bin/env bash
# Makes the keys of the tests anew, with OpenSSL 3, OpenSSH, keytool of Java, and Node.js. They open nothing; the passphrase of the encrypted
# ones is `opensesame`.
set -euo pipefail
cd "$(dirname "$0")"
rm -f ./*.pem ./*.p12 ./*.jwk
pkcs8() { openssl pkcs8 -topk8 -in "$1" -out "$2" -passout pass:opensesame "${@:3}"; }

openssl genpkey -quiet -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out rsa.pem
openssl genpkey -quiet -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out p256.pem
openssl genpkey -quiet -algorithm EC -pkeyopt ec_paramgen_curve:P-521 -out p521.pem
openssl genpkey -quiet -algorithm EC -pkeyopt ec_paramgen_curve:secp256k1 -out secp256k1.pem
openssl genpkey -quiet -algorithm ED25519 -out ed25519.pem
openssl rsa -in rsa.pem -traditional -out rsa-pkcs1.pem
openssl ecparam -name prime256v1 -genkey -out p256-sec1.pem # with its EC PARAMETERS
openssl ec -in p521.pem -out p521-sec1.pem

# As ring wrote it up to version 0.16: version 2 with an explicit tag around the public key.
part() { openssl pkey -in ed25519.pem -outform DER "$@" | tail -c 32 | od -An -v -tx1 | tr -d ' \n'; }
cat > genconf <<GENCONF
asn1=SEQUENCE:key
[key]
version=INTEGER:1
algorithm=SEQUENCE:algorithm
private=OCTWRAP,FORMAT:HEX,OCTETSTRING:$(part)
public=EXPLICIT:1C,FORMAT:HEX,BITSTRING:$(part -pubout)
[algorithm]
name=OID:1.3.101.112
GENCONF
openssl asn1parse -genconf genconf -noout -out genconf.der
{ echo '-----BEGIN PRIVATE KEY-----'; openssl base64 -in genconf.der; echo '-----END PRIVATE KEY-----'; } > ed25519-ring.pem
rm genconf genconf.der

# From a key store of Java, with the attributes that OpenSSL writes before the key.
keytool -genkeypair -alias key -keyalg EC -groupname secp256r1 -dname CN=test -keystore java.p12 -storepass opensesame
openssl pkcs12 -in java.p12 -nocerts -passin pass:opensesame -passout pass:opensesame -out p256-java-pkcs12.pem
rm java.p12

pkcs8 rsa.pem rsa-pbkdf2-sha256-aes256.pem -v2 aes-256-cbc -v2prf hmacWithSHA256 -iter 2048
pkcs8 p256.pem p256-pbkdf2-sha1-aes128.pem -v2 aes-128-cbc -v2prf hmacWithSHA1
pkcs8 p256.pem p256-pbkdf2-sha512-aes192.pem -v2 aes-192-cbc -v2prf hmacWithSHA512
pkcs8 p521.pem p521-scrypt-aes256.pem -v2 aes-256-cbc -scrypt

openssl genpkey -quiet -algorithm RSA -pkeyopt rsa_keygen_bits:1024 -out refused-rsa-1024.pem
openssl genpkey -quiet -algorithm EC -pkeyopt ec_paramgen_curve:P-384 -out refused-p384.pem
openssl genpkey -quiet -algorithm X25519 -out refused-x25519.pem
openssl pkey -in p256.pem -pubout -out refused-public.pem
openssl rsa -in rsa.pem -traditional -aes256 -passout pass:opensesame -out refused-old-encryption.pem
pkcs8 p256.pem refused-pbes2-des3.pem -v2 des3
pkcs8 p256.pem refused-pbes1.pem -v1 PBE-SHA1-3DES
openssl genpkey -quiet -algorithm RSA -pkeyopt rsa_keygen_bits:2047 -out refused-rsa-2047.pem
openssl genpkey -quiet -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -pkeyopt rsa_keygen_primes:3 -out refused-rsa-three-primes.pem
openssl genpkey -quiet -algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048 -out refused-rsa-pss.pem
openssl pkey -in p256.pem -ec_param_enc explicit -out refused-p256-explicit.pem
ssh-keygen -q -t ecdsa -b 256 -N '' -C '' -f refused-openssh.pem
rm refused-openssh.pem.pub

# The same keys as JSON Web Keys, by Node.js.
for key in rsa p256 p521 secp256k1 ed25519 refused-p384 refused-x25519; do
    node -p 'JSON.stringify(crypto.createPrivateKey(fs.readFileSync(process.argv[1])).export({ format: "jwk" }))' $key.pem > $key.jwk
done
