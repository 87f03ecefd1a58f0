package limit

// An owner is a caller, or the network that callers belong to, in the counts of a shard.
type owner struct {
	id    [16]byte
	level uint8
}

// A share bounds how many buckets an owner may have: one, or a part of those that are still free. So
// a shard is never filled by few owners: the more each of them has, the fewer are free, and the
// sooner it gets no more (Choudhury and Hahne, "Dynamic Queue Length Thresholds for Shared-Memory
// Packet Switches", 1998). n owners that take all they can leave 1/(1+n/part) of a shard free.
type share struct {
	bytes int   // of the id: who is one owner
	part  int32 // an owner with so many buckets needs part times as many free ones for another
}

// shares are those of each kind of key. Whoever has one address or account needs a bucket for each
// rule at most. A site has a /48 of IPv6 or a part of one (RFC 6177), and some networks give a
// single /48 to all of their subscribers: it may have more.
var shares = [kinds][]share{
	kindV4:       {{bytes: 16, part: 64}},
	kindV6:       {{bytes: 16, part: 64}, {bytes: 6, part: 8}},
	kindIdentity: {{bytes: 16, part: 64}},
}

func (k *Key) owner(level int) owner {
	o := owner{level: uint8(level)}
	copy(o.id[:shares[k.kind][level].bytes], k.id[:])
	return o
}

// leastPart is the part of the smallest shards, where few buckets are free at any time.
const leastPart = 4

// admits reports whether there is a free bucket that the key's owners may have. Whoever has none may
// have the last one.
func (s *shard) admits(k *Key) bool {
	free := int32(s.cap - len(s.index))
	if free <= 0 {
		return false
	}
	for level, share := range shares[k.kind] {
		part := min(share.part, max(leastPart, int32(s.cap/32)))
		if held := s.held[k.owner(level)]; held > 0 && held >= free/part {
			return false
		}
	}
	return true
}

// hold counts a new bucket, and release forgets it.
func (s *shard) hold(k *Key) {
	for level := range shares[k.kind] {
		s.held[k.owner(level)]++
	}
}

func (s *shard) release(k *Key) {
	for level := range shares[k.kind] {
		o := k.owner(level)
		if s.held[o]--; s.held[o] <= 0 {
			delete(s.held, o)
		}
	}
}
