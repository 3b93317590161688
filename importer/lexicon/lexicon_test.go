package lexicon

import (
	"testing"

	"github.com/biter777/countries"
)

func TestEveryStateHasANameADemonymAndACapitalOrIsKnownToLackThem(t *testing.T) {
	l, err := Default()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range countries.All() {
		if !c.IsValid() || !sovereign(c) {
			continue
		}
		if _, ok := l.Actor("state:" + c.Alpha3()); !ok {
			t.Errorf("no entry for %s, %s", c.Alpha3(), c)
		}
	}
}

// sovereign leaves out the territories that ISO 3166-1 lists beside states.
func sovereign(c countries.CountryCode) bool {
	switch c.Alpha3() {
	case "ALA", "ASM", "AIA", "ATA", "ABW", "BMU", "BVT", "IOT", "VGB", "CYM", "CXR", "CCK", "COK", "CUW", "FLK", "FRO", "GUF",
		"PYF", "ATF", "GIB", "GRL", "GLP", "GUM", "GGY", "HMD", "HKG", "IMN", "JEY", "MAC", "MTQ", "MYT", "MSR", "NCL", "NIU",
		"NFK", "MNP", "PCN", "PRI", "REU", "BLM", "SHN", "MAF", "SPM", "SXM", "SGS", "SJM", "TKL", "TCA", "UMI", "VIR", "WLF",
		"ESH", "BES", "ANT", "XKX", "YUG":
		return false
	}
	return len(c.Alpha3()) == 3 && c != countries.NonCountryInternationalFreephone
}

func TestNames(t *testing.T) {
	l, err := Default()
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"Russia": "state:RUS", "the Russian Federation": "state:RUS", "USA": "state:USA", "U.S.": "state:USA", "Türkiye": "state:TUR",
		"Great Britain": "state:GBR", "USSR": "state:SUN", "DPRK": "state:PRK", "French Republic": "state:FRA",
		"Kingdom of Thailand": "state:THA", "Socialist Republic of Vietnam": "state:VNM", "NATO allies": "org:nato",
		"European leaders": "group:european-countries", "Security Council": "org:un-security-council", "CÔTE D’IVOIRE": "state:CIV",
	} {
		if got, _ := l.ActorByName(name); got != want {
			t.Errorf("%s is %q, want %s", name, got, want)
		}
	}
	for name, want := range map[string]string{
		"UN Charter": "un-charter", "the Budapest Memorandum": "budapest-memorandum", "Kellogg-Briand Pact": "kellogg-briand-pact",
	} {
		if got, _ := l.InstrumentByName(name); got != want {
			t.Errorf("%s is %q, want %s", name, got, want)
		}
	}
	if id, ok := l.ActorByName("Atlantis"); ok {
		t.Errorf("Atlantis is %s", id)
	}
}

func TestNearSuggestsWhatWasMeant(t *testing.T) {
	l, err := Default()
	if err != nil {
		t.Fatal(err)
	}
	near := l.Near("Ukrain", 3)
	if len(near) == 0 || near[0] != "Ukraine" {
		t.Errorf("got %v", near)
	}
	if near := l.Near("qqqqqqqqqqqq", 3); len(near) != 0 {
		t.Errorf("got %v for nothing like a name", near)
	}
}
