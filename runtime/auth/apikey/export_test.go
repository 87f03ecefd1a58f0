package apikey

// Checksum is what a key that begins with text ends in.
func Checksum(text string) string { sum := checksum(text); return string(sum[:]) }
