// Package api is Pacta over HTTP: the named questions, patterns, paths, search, single
// resources with their evidence, and imports. The OpenAPI document at
// /openapi.json is made from the handlers' types.
package api

import (
	"log/slog"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"
	"github.com/gin-gonic/gin"

	"pacta/graph"
	"pacta/importer"
	"pacta/importer/lexicon"
)

// Options are what the API works with.
type Options struct {
	Store    graph.Store
	Importer *importer.Importer
	Lexicon  *lexicon.Lexicon
	// UploadBytes bounds the body of one import.
	UploadBytes int64
	Logger      *slog.Logger
}

type server struct {
	options Options
}

// bodyBytes bounds every body but an import's.
const bodyBytes = 1 << 20

// New returns the API as an HTTP handler.
func New(o Options) (http.Handler, error) {
	gin.SetMode(gin.ReleaseMode)
	engine := gin.New()
	if err := engine.SetTrustedProxies(nil); err != nil {
		return nil, err
	}
	s := &server{options: o}
	engine.Use(s.logged, gin.CustomRecovery(s.recovered), s.bounded, secured)

	config := huma.DefaultConfig("Pacta", "1")
	config.Info.Description = "Who promised what to whom, what became of it, and the passage that proves each fact."
	config.Info.License = &huma.License{Name: "Apache-2.0", Identifier: "Apache-2.0"}
	config.DocsPath = ""
	config.CreateHooks = nil // no $schema links in answers
	config.RejectUnknownQueryParameters = true
	api := humagin.New(engine, config)

	s.registerHealth(api)
	s.registerQuestions(api)
	s.registerMatch(api)
	s.registerPaths(api)
	s.registerSearch(api)
	s.registerResources(api)
	s.registerImports(api)
	if err := s.registerNeo4j(engine); err != nil {
		return nil, err
	}
	engine.NoRoute(func(c *gin.Context) {
		writeProblem(c, http.StatusNotFound, "no such route; /openapi.json lists all")
	})
	return engine, nil
}

func writeProblem(c *gin.Context, status int, detail string) {
	c.Header("Content-Type", "application/problem+json")
	c.AbortWithStatusJSON(status, &huma.ErrorModel{Status: status, Title: http.StatusText(status), Detail: detail})
}

// logged logs each request when it is answered.
func (s *server) logged(c *gin.Context) {
	start := time.Now()
	c.Next()
	s.options.Logger.LogAttrs(c, slog.LevelInfo, "request",
		slog.String("method", c.Request.Method), slog.String("route", c.FullPath()),
		slog.Int("status", c.Writer.Status()), slog.Duration("took", time.Since(start)))
}

func (s *server) recovered(c *gin.Context, fault any) {
	s.options.Logger.LogAttrs(c, slog.LevelError, "panic", slog.Any("fault", fault), slog.String("route", c.FullPath()))
	writeProblem(c, http.StatusInternalServerError, "internal error; the server's log has more")
}

// bounded refuses bodies that are too large before they are read.
func (s *server) bounded(c *gin.Context) {
	limit := int64(bodyBytes)
	if c.Request.URL.Path == importsPath {
		limit = s.options.UploadBytes
	}
	if c.Request.ContentLength > limit {
		writeProblem(c, http.StatusRequestEntityTooLarge, "the body is larger than the server takes")
		return
	}
	c.Request.Body = http.MaxBytesReader(c.Writer, c.Request.Body, limit)
	c.Next()
}

// secured sets the headers that keep a browser from making more of an answer
// than it is.
func secured(c *gin.Context) {
	c.Header("X-Content-Type-Options", "nosniff")
	c.Header("Content-Security-Policy", "default-src 'none'")
	c.Header("Referrer-Policy", "no-referrer")
	c.Next()
}
