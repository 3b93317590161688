package graph

// A Term is one word of a vocabulary with what it means.
type Term[T ~string] struct {
	Name    T
	Meaning string
}

// A Vocabulary is a closed list of terms. The claims format, the stores, the
// API's schema and the documentation are all made from these lists.
type Vocabulary[T ~string] []Term[T]

// Has reports whether name is a term of the vocabulary.
func (v Vocabulary[T]) Has(name T) bool {
	return v.index(name) >= 0
}

// Names returns the terms in the vocabulary's order.
func (v Vocabulary[T]) Names() []string {
	names := make([]string, len(v))
	for i, t := range v {
		names[i] = string(t.Name)
	}
	return names
}

func (v Vocabulary[T]) index(name T) int {
	for i, t := range v {
		if t.Name == name {
			return i
		}
	}
	return -1
}

// ActorKind says what sort of actor someone is.
type ActorKind string

// The kinds of actor.
const (
	State        ActorKind = "state"
	Organization ActorKind = "organization"
	Alliance     ActorKind = "alliance"
	Coalition    ActorKind = "coalition"
	Person       ActorKind = "person"
	Group        ActorKind = "group"
)

// ActorKinds is the vocabulary of actor kinds.
var ActorKinds = Vocabulary[ActorKind]{
	{State, "a state, present or dissolved"},
	{Organization, "an international organisation"},
	{Alliance, "an organisation bound to common defence"},
	{Coalition, "states that act together for one purpose"},
	{Person, "a person who acts for himself, not for a state"},
	{Group, "any other collective: a movement, a community, states named together"},
}

// InstrumentKind says what sort of instrument creates an obligation.
type InstrumentKind string

// The kinds of instrument.
const (
	Treaty          InstrumentKind = "treaty"
	Memorandum      InstrumentKind = "memorandum"
	Charter         InstrumentKind = "charter"
	Agreement       InstrumentKind = "agreement"
	Communique      InstrumentKind = "communique"
	Declaration     InstrumentKind = "declaration"
	Law             InstrumentKind = "law"
	Plan            InstrumentKind = "plan"
	OtherInstrument InstrumentKind = "other"
)

// InstrumentKinds is the vocabulary of instrument kinds.
var InstrumentKinds = Vocabulary[InstrumentKind]{
	{Treaty, "a treaty, pact or convention"},
	{Memorandum, "a memorandum"},
	{Charter, "the founding text of an organisation"},
	{Agreement, "an agreement or accord"},
	{Communique, "a communiqué"},
	{Declaration, "a declaration or joint statement"},
	{Law, "a constitution or statute"},
	{Plan, "a plan or proposal"},
	{OtherInstrument, "any other instrument, a resolution for one"},
}

// Binding says how an instrument binds.
type Binding string

// The ways in which an instrument binds.
const (
	LegallyBinding     Binding = "binding"
	Political          Binding = "political"
	UnspecifiedBinding Binding = "unspecified"
)

// Bindings is the vocabulary of how instruments bind.
var Bindings = Vocabulary[Binding]{
	{LegallyBinding, "binding in law"},
	{Political, "a political commitment"},
	{UnspecifiedBinding, "the source does not say"},
}

// Status says whether an instrument or obligation was agreed.
type Status string

// The statuses of instruments and obligations.
const (
	Agreed   Status = "agreed"
	Proposed Status = "proposed"
)

// Statuses is the vocabulary of statuses.
var Statuses = Vocabulary[Status]{
	{Agreed, "agreed, promised or in force"},
	{Proposed, "a draft, an offer or a demand"},
}

// Standing says how well a violation is established.
type Standing string

// The standings of a violation.
const (
	Alleged     Standing = "alleged"
	Admitted    Standing = "admitted"
	Adjudicated Standing = "adjudicated"
)

// Standings is the vocabulary of how well violations are established, weakest first.
var Standings = Vocabulary[Standing]{
	{Alleged, "a source says so"},
	{Admitted, "a source says that the perpetrator admitted it"},
	{Adjudicated, "a source says that a court or organ decided it"},
}

// Role says in which role an actor is party to an instrument.
type Role string

// The roles of parties.
const (
	Guarantor   Role = "guarantor"
	Signatory   Role = "signatory"
	Beneficiary Role = "beneficiary"
	Mediator    Role = "mediator"
	Proposer    Role = "proposer"
	Member      Role = "member"
)

// Roles is the vocabulary of roles.
var Roles = Vocabulary[Role]{
	{Guarantor, "guarantees what the instrument promises"},
	{Signatory, "signed or adopted it"},
	{Beneficiary, "is the one it protects"},
	{Mediator, "brought the parties together"},
	{Proposer, "put it forward"},
	{Member, "belongs to it by accession"},
}

// ObligationKind says what an obligation asks of its bearer. The ATOP classes
// (Leeds, Ritter, Mitchell and Long 2002) are among the kinds: DEFENSE is
// mutual-defense, OFFENSE offense, NEUTRAL neutrality, NONAGG non-aggression
// and CONSUL consultation.
type ObligationKind string

// The kinds of obligation.
const (
	MutualDefense      ObligationKind = "mutual-defense"
	Offense            ObligationKind = "offense"
	Neutrality         ObligationKind = "neutrality"
	NonAggression      ObligationKind = "non-aggression"
	Consultation       ObligationKind = "consultation"
	RespectSovereignty ObligationKind = "respect-sovereignty"
	RespectNeutrality  ObligationKind = "respect-neutrality"
	Assistance         ObligationKind = "assistance"
	Deployment         ObligationKind = "deployment"
	Disarmament        ObligationKind = "disarmament"
	Ceasefire          ObligationKind = "ceasefire"
	Monitoring         ObligationKind = "monitoring"
	Enforcement        ObligationKind = "enforcement"
	Membership         ObligationKind = "membership"
	Economic           ObligationKind = "economic"
	Humanitarian       ObligationKind = "humanitarian"
	OtherObligation    ObligationKind = "other"
)

// ObligationKinds is the vocabulary of obligation kinds.
var ObligationKinds = Vocabulary[ObligationKind]{
	{MutualDefense, "fight for the attacked party, or protect it by all means"},
	{Offense, "join an attack on a third party"},
	{Neutrality, "stay neutral or non-aligned"},
	{NonAggression, "refrain from the threat or use of force"},
	{Consultation, "consult with the other parties"},
	{RespectSovereignty, "respect independence, borders and territorial integrity"},
	{RespectNeutrality, "respect or guarantee another's neutrality"},
	{Assistance, "give arms, money, intelligence or training, short of fighting"},
	{Deployment, "station or send forces"},
	{Disarmament, "give up or cap arms"},
	{Ceasefire, "stop hostilities"},
	{Monitoring, "monitor, verify or mediate"},
	{Enforcement, "enforce peace together, or sanction a violator"},
	{Membership, "admit, or work toward accession"},
	{Economic, "trade, finance, reconstruct, share resources"},
	{Humanitarian, "keep the laws of war and human rights"},
	{OtherObligation, "any other obligation"},
}

// ViolationKind says what a violation consists in.
type ViolationKind string

// The kinds of violation.
const (
	Annexation         ViolationKind = "annexation"
	Invasion           ViolationKind = "invasion"
	Occupation         ViolationKind = "occupation"
	ArmedAttack        ViolationKind = "armed-attack"
	Threat             ViolationKind = "threat"
	NonPerformance     ViolationKind = "non-performance"
	Withdrawal         ViolationKind = "withdrawal"
	CeasefireViolation ViolationKind = "ceasefire-violation"
	WarCrime           ViolationKind = "war-crime"
	Coercion           ViolationKind = "coercion"
	OtherViolation     ViolationKind = "other"
)

// ViolationKinds is the vocabulary of violation kinds.
var ViolationKinds = Vocabulary[ViolationKind]{
	{Annexation, "took another's territory as its own"},
	{Invasion, "entered another's territory by force"},
	{Occupation, "holds another's territory"},
	{ArmedAttack, "attacked, shelled, struck or fomented war"},
	{Threat, "threatened force"},
	{NonPerformance, "did not do what was promised"},
	{Withdrawal, "left or froze a commitment on its own"},
	{CeasefireViolation, "broke a ceasefire"},
	{WarCrime, "broke the laws of war"},
	{Coercion, "coerced by economic, hybrid or political means"},
	{OtherViolation, "any other violation"},
}

// ResponseKind says how an actor responded to a violation.
type ResponseKind string

// The kinds of response.
const (
	Protest    ResponseKind = "protest"
	Sanctions  ResponseKind = "sanctions"
	Aid        ResponseKind = "aid"
	Military   ResponseKind = "military"
	Mediation  ResponseKind = "mediation"
	NoResponse ResponseKind = "none"
)

// ResponseKinds is the vocabulary of responses.
var ResponseKinds = Vocabulary[ResponseKind]{
	{Protest, "protested or condemned"},
	{Sanctions, "imposed sanctions"},
	{Aid, "gave arms, money or other aid"},
	{Military, "fought"},
	{Mediation, "mediated"},
	{NoResponse, "a source says that it did nothing"},
}

// Basis says what a breach link or a trigger rests on.
type Basis string

// The bases of breach links and triggers.
const (
	Stated   Basis = "stated"
	Coded    Basis = "coded"
	Inferred Basis = "inferred"
)

// Bases is the vocabulary of bases, strongest first.
var Bases = Vocabulary[Basis]{
	{Stated, "a document says so"},
	{Coded, "a dataset says so"},
	{Inferred, "it follows from facts by the inference table"},
}

// Outcome says what became of an obligation that was put to the test.
type Outcome string

// The outcomes of a triggered obligation.
const (
	Honoured       Outcome = "honoured"
	Violated       Outcome = "violated"
	UnknownOutcome Outcome = "unknown"
)

// Outcomes is the vocabulary of outcomes.
var Outcomes = Vocabulary[Outcome]{
	{Honoured, "the bearer did what it owed"},
	{Violated, "the bearer did not"},
	{UnknownOutcome, "no source says"},
}

// Stance says whether a passage supports a fact or denies it.
type Stance string

// The stances of a passage.
const (
	Supports Stance = "supports"
	Denies   Stance = "denies"
)

// Stances is the vocabulary of stances.
var Stances = Vocabulary[Stance]{
	{Supports, "the passage states the fact"},
	{Denies, "the passage denies the fact"},
}
