#!/usr/bin/env bash
# Makes the keys of the tests anew, with OpenSSL 3. They open nothing; the passphrase of the encrypted ones is `opensesame`.
set -euo pipefail
cd "$(dirname "$0")"
rm -f ./*.pem
pkcs8() { openssl pkcs8 -topk8 -in "$1" -out "$2" -passout pass:opensesame "${@:3}"; }

openssl genpkey -quiet -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out rsa.pem
openssl genpkey -quiet -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out p256.pem
openssl genpkey -quiet -algorithm EC -pkeyopt ec_paramgen_curve:P-521 -out p521.pem
openssl genpkey -quiet -algorithm EC -pkeyopt ec_paramgen_curve:secp256k1 -out secp256k1.pem
openssl genpkey -quiet -algorithm ED25519 -out ed25519.pem
openssl rsa -in rsa.pem -traditional -out rsa-pkcs1.pem
openssl ecparam -name prime256v1 -genkey -out p256-sec1.pem # with its EC PARAMETERS
openssl ec -in p521.pem -out p521-sec1.pem

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
