package dpop

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/binary"
	"time"
)

// nonces are made and not remembered: the MAC of the span of time in which they were given. Each counts in its span and in the next one.
type nonces struct{ key []byte }

const (
	nonceSpan = 5 * time.Minute
	nonceSize = 16
)

func (n *nonces) at(span int64) string {
	mac := hmac.New(sha256.New, n.key)
	mac.Write([]byte("bailey DPoP nonce"))
	mac.Write(binary.BigEndian.AppendUint64(nil, uint64(span)))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil)[:nonceSize])
}

func span(now time.Time) int64 { return now.Unix() / int64(nonceSpan/time.Second) }

// now is the nonce to give.
func (n *nonces) now(now time.Time) string { return n.at(span(now)) }

// judge reports whether we gave a nonce, and not too long ago, and returns the one that is to follow where it ends with this span.
func (n *nonces) judge(nonce string, now time.Time) (next string, ok bool) {
	s := span(now)
	this, last := n.at(s), n.at(s-1)
	isThis := subtle.ConstantTimeCompare([]byte(nonce), []byte(this))
	isLast := subtle.ConstantTimeCompare([]byte(nonce), []byte(last))
	if isLast == 1 {
		next = this
	}
	return next, isThis|isLast == 1
}
