package wire

import (
	"strings"
	"sync"
	"unicode"
)

// property reads {Name} or {Name=Value} after \p or \P. The names are those of ECMA 262
// (22.2.1, tables 67 to 70), with their case.
func (p *regexParser) property() bool {
	end := strings.IndexByte(p.s[p.i:], '}')
	if end < 0 || !p.take("{") {
		return false
	}
	name := p.s[p.i : p.i+end-1]
	p.i += end
	name, value, pair := strings.Cut(name, "=")
	switch {
	case !pair:
		return isCategory(name) || isBinaryProperty()[name]
	case name == "General_Category" || name == "gc":
		return isCategory(value)
	case name == "Script" || name == "sc" || name == "Script_Extensions" || name == "scx":
		return unicode.Scripts[value] != nil || isScriptCode()[value]
	}
	return false
}

func isCategory(name string) bool {
	return unicode.Categories[name] != nil || unicode.CategoryAliases[name] != ""
}

// words returns the words of a list as a set: a search of the list for each property of a text would take a
// microsecond.
func words(list string) func() map[string]bool {
	return sync.OnceValue(func() map[string]bool {
		set := map[string]bool{}
		for word := range strings.FieldsSeq(list) {
			set[word] = true
		}
		return set
	})
}

var (
	isBinaryProperty = words(binaryProperties)
	isScriptCode     = words(scriptCodes)
)

// binaryProperties are those of ECMA 262, table 68.
const binaryProperties = " ASCII ASCII_Hex_Digit AHex Alphabetic Alpha Any Assigned Bidi_Control Bidi_C " +
	"Bidi_Mirrored Bidi_M Case_Ignorable CI Cased Changes_When_Casefolded CWCF " +
	"Changes_When_Casemapped CWCM Changes_When_Lowercased CWL Changes_When_NFKC_Casefolded " +
	"CWKCF Changes_When_Titlecased CWT Changes_When_Uppercased CWU Dash " +
	"Default_Ignorable_Code_Point DI Deprecated Dep Diacritic Dia Emoji Emoji_Component EComp " +
	"Emoji_Modifier EMod Emoji_Modifier_Base EBase Emoji_Presentation EPres " +
	"Extended_Pictographic ExtPict Extender Ext Grapheme_Base Gr_Base Grapheme_Extend Gr_Ext " +
	"Hex_Digit Hex IDS_Binary_Operator IDSB IDS_Trinary_Operator IDST ID_Continue IDC ID_Start " +
	"IDS Ideographic Ideo Join_Control Join_C Logical_Order_Exception LOE Lowercase Lower Math " +
	"Noncharacter_Code_Point NChar Pattern_Syntax Pat_Syn Pattern_White_Space Pat_WS " +
	"Quotation_Mark QMark Radical Regional_Indicator RI Sentence_Terminal STerm Soft_Dotted SD " +
	"Terminal_Punctuation Term Unified_Ideograph UIdeo Uppercase Upper Variation_Selector VS " +
	"White_Space space XID_Continue XIDC XID_Start XIDS "

// scriptCodes are the codes of the scripts of [unicode.Scripts] (ISO 15924, and PropertyValueAliases.txt
// of Unicode 15.0), and the two names of characters without a script.
const scriptCodes = " Adlm Ahom Hluw Arab Armn Avst Bali Bamu Bass Batk Beng Bhks Bopo Brah Brai Bugi Buhd Cans " +
	"Cari Aghb Cakm Cham Cher Chrs Zyyy Copt Qaac Xsux Cprt Cpmn Cyrl Dsrt Deva Diak Dogr Dupl " +
	"Egyp Elba Elym Ethi Geor Glag Goth Gran Grek Gujr Gong Guru Hani Hang Rohg Hano Hatr Hebr " +
	"Hira Armi Qaai Zinh Phli Prti Java Kthi Knda Kana Kawi Kali Khar Kits Khmr Khoj Sind Laoo " +
	"Latn Lepc Limb Lina Linb Lisu Lyci Lydi Mahj Maka Mlym Mand Mani Marc Gonm Medf Mtei Mend " +
	"Merc Mero Miao Plrd Modi Mong Mroo Mult Mymr Nbat Nagm Nand Talu Newa Nkoo Nshu Hmnp Ogam " +
	"Olck Hung Ital Narb Perm Xpeo Sogo Sarb Orkh Ougr Orya Osge Osma Hmng Palm Pauc Phag Phnx " +
	"Phlp Rjng Runr Samr Saur Shrd Shaw Sidd Sgnw Sinh Sogd Sora Soyo Sund Sylo Syrc Tglg Tagb " +
	"Tale Lana Tavt Takr Taml Tnsa Tang Telu Thaa Thai Tibt Tfng Tirh Toto Ugar Vaii Vith Wcho " +
	"Wara Yezi Yiii Zanb Zzzz Unknown "
