package idp

import (
	"crypto/hmac"
	"crypto/sha1"
	"crypto/subtle"
	"encoding/binary"
	"fmt"
	"time"
)

const totpStep = 30 // seconds

// TOTP is the code of six digits that a second factor with this seed shows at a time (RFC 6238 with HMAC-SHA-1, which authenticator apps know).
func TOTP(seed []byte, at time.Time) string { return totp(seed, at.Unix()/totpStep) }

func totp(seed []byte, step int64) string {
	mac := hmac.New(sha1.New, seed)
	var counter [8]byte
	binary.BigEndian.PutUint64(counter[:], uint64(step))
	mac.Write(counter[:])
	sum := mac.Sum(nil)
	at := sum[len(sum)-1] & 15
	return fmt.Sprintf("%06d", binary.BigEndian.Uint32(sum[at:])&0x7fffffff%1_000_000)
}

// code reports whether a code is the user's of this step or of the one before (RFC 6238, section 5.2), and uses it up: each is good once.
func (l *logins) code(u User, code string, now time.Time) bool {
	if len(u.Seed) == 0 {
		return false
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for step := now.Unix() / totpStep; step >= now.Unix()/totpStep-1; step-- {
		if step > l.used[u.Name] && subtle.ConstantTimeCompare([]byte(totp(u.Seed, step)), []byte(code)) == 1 {
			l.used[u.Name] = step
			return true
		}
	}
	return false
}
