package lexicon

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/biter777/countries"
)

func TestEveryStateIsKnown(t *testing.T) {
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

func TestEveryLivingStateHasAnAdjectiveOrAPeople(t *testing.T) {
	l, err := Default()
	if err != nil {
		t.Fatal(err)
	}
	// The Congolese and Dominicans are those of the larger state; the Vatican has no people.
	without := []string{"state:COG", "state:DMA", "state:VAT"}
	for _, a := range l.Actors() {
		demonym := slices.ContainsFunc(a.Names, func(n Named) bool { return n.Form == Adjective || n.Form == People })
		if a.Kind == "state" && a.To == 0 && demonym == slices.Contains(without, a.ID) {
			t.Errorf("%s has a demonym: %v", a.ID, demonym)
		}
	}
}

func TestNames(t *testing.T) {
	l, err := Default()
	if err != nil {
		t.Fatal(err)
	}
	actors := []struct{ name, want string }{
		{"Russia", "state:RUS"}, {"the Russian Federation", "state:RUS"}, {"USSR", "state:SUN"},
		{"USA", "state:USA"}, {"U.S.", "state:USA"}, {"Great Britain", "state:GBR"}, {"French Republic", "state:FRA"},
		{"Türkiye", "state:TUR"}, {"Republic of Türkiye", "state:TUR"}, {"DPRK", "state:PRK"}, {"Republic of Korea", "state:KOR"},
		{"Zaire", "state:COD"}, {"Abyssinia", "state:ETH"}, {"German Democratic Republic", "state:DDR"},
		{"Kingdom of Thailand", "state:THA"}, {"Socialist Republic of Vietnam", "state:VNM"}, {"CÔTE D’IVOIRE", "state:CIV"},
		{"Kingdom of Prussia", "state:prussia"}, {"Republic of China", "state:TWN"}, {"People’s Republic of China", "state:CHN"},
		{"State of Israel", "state:ISR"}, {"State of Georgia", ""}, {"Russian", ""}, {"Moscow", ""}, {"Atlantis", ""},
		{"NATO allies", "org:nato"}, {"European leaders", "group:european-countries"}, {"Security Council", "org:un-security-council"},
	}
	for _, tt := range actors {
		if got, ok := l.ActorByName(tt.name); got != tt.want || ok != (tt.want != "") {
			t.Errorf("actor %s is %q, want %q", tt.name, got, tt.want)
		}
	}
	instruments := []struct{ name, want string }{
		{"UN Charter", "un-charter"}, {"the Budapest Memorandum", "budapest-memorandum"},
		{"Kellogg-Briand Pact", "kellogg-briand-pact"}, {"the treaty", ""},
	}
	for _, tt := range instruments {
		if got, ok := l.InstrumentByName(tt.name); got != tt.want || ok != (tt.want != "") {
			t.Errorf("instrument %s is %q, want %q", tt.name, got, tt.want)
		}
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

// faulty is a small lexicon with one file of it as given.
func faulty(name, content string) fstest.MapFS {
	files := fstest.MapFS{}
	for file, text := range map[string]string{
		"states.yaml":        "- {id: PER, name: Peru}\n",
		"organizations.yaml": "[]\n", "groups.yaml": "[]\n", "leaders.yaml": "{}\n", "instruments.yaml": "[]\n",
		name: content,
	} {
		files[file] = &fstest.MapFile{Data: []byte(text)}
	}
	return files
}

func TestMistakesInTheDataAreNamed(t *testing.T) {
	tests := []struct{ file, content, want string }{
		{"states.yaml", "- {id: PER, name: Peru, adjectives: [Peruvian]}", "adjectives not found"},
		{"states.yaml", "- {id: Per, name: Peru}", `"Per"`},
		{"states.yaml", "- {id: PER}", "a name"},
		{"states.yaml", "- {id: PER, name: Peru, from: 1900, to: 1800}", "years in order"},
		{"states.yaml", "- {id: PER, name: Peru}\n- {id: PER, name: Chile}", "state:PER stands twice"},
		{"states.yaml", "- {id: PER, name: Peru}\n- {id: CHL, name: Chile, official: [peru]}", "names both state:PER and state:CHL"},
		{"states.yaml", "- {id: PER, name: Peru, official: [Andes 1900-]}\n- {id: CHL, name: Chile, official: [Andes -1950]}", `"Andes" names both`},
		{"organizations.yaml", "- {id: org:peru, kind: organization, name: Peru}", "names both state:PER and org:peru"},
		{"leaders.yaml", "CHL: [Ana Soto 1900-]", `unknown actor "CHL"`},
		{"leaders.yaml", "PER: [Ana Soto]", "not a name with years"},
		{"instruments.yaml", "- {id: a, name: Lima Pact}\n- {id: b, name: Lima Pact}", `"Lima Pact" names both a and b`},
	}
	for _, tt := range tests {
		if _, err := load(faulty(tt.file, tt.content)); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s with %s: got %v, want %q", tt.file, tt.content, err, tt.want)
		}
	}
}

func TestANameCanPassFromOneStateToAnother(t *testing.T) {
	for _, states := range []string{
		"- {id: PER, name: Peru, official: [Andes -1900]}\n- {id: CHL, name: Chile, official: [Andes 1900-]}",
		"- {id: CHL, name: Chile, official: [Andes 1900-]}\n- {id: PER, name: Peru, official: [Andes -1900]}",
	} {
		l, err := load(faulty("states.yaml", states))
		if err != nil {
			t.Fatal(err)
		}
		if got, _ := l.ActorByName("Andes"); got != "state:CHL" {
			t.Errorf("got %q of %s", got, states)
		}
		peru, _ := l.Actor("state:PER")
		if want := (Named{Text: "Andes", Form: Alias, To: 1900}); !slices.Contains(peru.Names, want) {
			t.Errorf("Peru is called %v", peru.Names)
		}
	}
}
