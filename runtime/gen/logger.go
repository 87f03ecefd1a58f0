package gen

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"log/slog"
	"slices"
)

// leastPseudonymKey is how many bytes Config.PseudonymKey has at least.
const leastPseudonymKey = 32

// pseudonyms sets the secret of the pseudonyms of callers.
func (b *Builder) pseudonyms(s *Server) {
	key := b.setup.Config.PseudonymKey
	if key != nil && len(key) < leastPseudonymKey {
		b.fail("Config.PseudonymKey has %d bytes; it needs %d", len(key), leastPseudonymKey)
		return
	}
	if s.names = slices.Clone(key); key == nil {
		s.names = make([]byte, leastPseudonymKey)
		_, _ = rand.Read(s.names) // never fails
	}
}

// Logger is the server's logger with the request, for [runtime.Logger].
func (c *requestContext) Logger() *slog.Logger {
	attrs := []any{slog.String("request_id", c.RequestID()), slog.String("operation", c.op.op.ID)}
	if p := c.principal; p != nil && p.Subject != "" {
		attrs = append(attrs, slog.String("caller", c.op.server.pseudonym(p.Issuer, p.Subject)))
	}
	return c.op.server.log.With(attrs...)
}

// pseudonym is what a subject is called in the logs of handlers.
func (s *Server) pseudonym(issuer, subject string) string {
	h := hmac.New(sha256.New, s.names)
	_, _ = h.Write(binary.BigEndian.AppendUint64(nil, uint64(len(issuer)))) // so that no two pairs are one text
	_, _ = h.Write([]byte(issuer + subject))
	return hex.EncodeToString(h.Sum(nil)[:16])
}
