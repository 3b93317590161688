package importer

import (
	"regexp"
	"strings"

	"pacta/graph"
)

const resolutionNumber = `(?:ES-)?\d+(?:/\d+)?(?: [A-Z]\b)?(?: ?\((?:(?:1[5-9]|20)\d\d|[IVXL]+|ES-[IVXL]+)\))?`

var (
	// A resolution, or several of one body: "Security Council resolutions 660 and 662 (1990)".
	resolutionNames  = regexp.MustCompile(`(?:(?:U\.?N\.?|United Nations) )?(?:(?:Security Council|General Assembly|UNSC|UNGA) )?(?:\b[Rr]esolutions?|\bUNSCR) (?:No\. )?(` + resolutionNumber + `(?:(?:, and|,| and) ` + resolutionNumber + `)*)`)
	resolutionParts  = regexp.MustCompile(`((?:ES-)?\d+(?:/\d+)?)(?: [A-Z]\b)?(?: ?\(((?:1[5-9]|20)\d\d|[IVXL]+|ES-[IVXL]+)\))?`)
	otherBody        = regexp.MustCompile(`(?:House|Senate|Congress|Congressional|Joint|Concurrent|Conference|Committee|Board|Parliament|Assembly|Commission|League|Union|Agency|OAS|IAEA|EU) $`)
	resolutionSeries = regexp.MustCompile(`/|ES-`)
)

// resolutions finds the numbered resolutions of the Security Council and the
// General Assembly. The year of the former adds nothing to its number, so that
// "resolution 353" and "Security Council resolution 353 (1974)" are one.
func resolutions(text string) []Mention {
	var mentions []Mention
	for _, m := range resolutionNames.FindAllStringSubmatchIndex(text, -1) {
		opening, list := text[m[0]:m[2]], text[m[2]:m[3]]
		if otherBody.MatchString(text[:m[0]]) {
			continue
		}
		for i, n := range resolutionParts.FindAllStringSubmatchIndex(list, -1) {
			span := Span{m[2] + n[0], m[2] + n[1]}
			if i == 0 {
				span.Start = m[0]
			}
			number, session := list[n[2]:n[3]], ""
			if n[4] >= 0 && strings.Trim(list[n[4]:n[5]], "IVXLES-") == "" {
				session = list[n[4]:n[5]]
			}
			mention := Mention{Span: span, Kind: string(graph.OtherInstrument), How: ByForm}
			if strings.Contains(opening, "Assembly") || strings.Contains(opening, "UNGA") || session != "" || resolutionSeries.MatchString(number) {
				mention.ID, mention.Name = "ga-resolution-"+graph.Slug(number), "General Assembly resolution "+number
				if session != "" {
					mention.Name += " (" + session + ")"
				}
			} else {
				mention.ID, mention.Name = "un-resolution-"+number, "Security Council resolution "+number
			}
			mentions = append(mentions, mention)
		}
	}
	return mentions
}
