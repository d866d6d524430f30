"""What the words of a header, or of a cell that names a kind of request, mean; in English, French, German, Spanish, Portuguese, Italian
and Chinese.

Every word must be known, or the header means nothing here: “requests withdrawn” is not “requests”, and a guess would be a wrong figure.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass, field

from dashboard.model import places, vocabulary

LANGUAGES = {
    "en": "English",
    "fr": "French",
    "de": "German",
    "es": "Spanish",
    "pt": "Portuguese",
    "it": "Italian",
    "zh": "Chinese",
}


@dataclass(frozen=True)
class Meaning:
    """What a header says: the column's role, or what it counts; `rest` are the words that are not known."""

    role: str = ""
    measure: str = ""
    request_type: str = ""
    authority: str = ""
    bound: str = ""
    is_share: bool = False
    is_percent: bool = False
    is_total: bool = False
    language: str = ""
    rest: str = ""
    tags: frozenset[str] = field(default=frozenset())

    @property
    def counts(self) -> bool:
        """Whether it says what is counted, in full."""
        return bool(self.measure) and not self.rest


@functools.lru_cache(maxsize=4096)
def meaning_of(text: str) -> Meaning:
    """What a header's words say together, whatever their order."""
    folded = places.fold(re.sub(r"%", " percent ", text.replace("#", " number ")))
    folded = re.sub(r"([\u3000-\u9fff])\s+(?=[\u3000-\u9fff])", r"\1", folded)
    tags: list[str] = []
    languages: list[str] = []
    for found in _pattern().finditer(folded):
        tag, language = _tagged(found[0])
        tags.append(tag)
        if tag != "neutral" and language:
            languages.append(language)
    rest = " ".join(_pattern().sub(" ", folded).split())
    language = max(set(languages), key=lambda name: (languages.count(name), name == "en")) if languages else ""
    return _composed(frozenset(tags), rest, language)


def named_type(text: str) -> tuple[str, str] | None:
    """The request type and authority that a cell names, in words or as our own code name; None where it names none."""
    code = text.strip().lower().replace(" ", "_").replace("-", "_")
    if code in vocabulary.REQUEST_TYPES:
        return code, ""
    meant = meaning_of(text)
    kinds = {tag.partition(":")[0] for tag in meant.tags}
    if meant.rest or kinds - {"type", "authority", "subject", "neutral", "total"} or meant.measure not in ("", "requests"):
        return None
    if meant.request_type or meant.authority:
        return meant.request_type or "all", meant.authority
    return ("all", "") if meant.is_total or (meant.measure == "requests" and "total" in meant.tags) else None


def named_measure(text: str) -> Meaning | None:
    """What a cell of a column of measures says is counted, in words or as our own code name; None where that is not known."""
    code = text.strip().lower().replace(" ", "_").replace("-", "_")
    if code in vocabulary.MEASURES:
        return Meaning(measure=code, is_share=code in vocabulary.SHARES)
    meant = meaning_of(text)
    return meant if meant.counts and not meant.bound else None


def named_authority(text: str) -> str | None:
    """The authority that a cell names; None where it names none."""
    code = text.strip().lower().replace(" ", "_").replace("-", "_")
    if code in vocabulary.AUTHORITIES:
        return code
    meant = meaning_of(text)
    if meant.rest:
        return None
    return meant.authority or ("any" if meant.is_total or meant.request_type == "all" else None)


def _composed(tags: frozenset[str], rest: str, language: str) -> Meaning:
    def of(kind: str) -> list[str]:
        return sorted(tag.partition(":")[2] for tag in tags if tag.startswith(f"{kind}:"))

    subjects, outcomes, types, authorities = of("subject"), of("outcome"), of("type"), of("authority")
    bound = of("bound")[0] if len(of("bound")) == 1 else ""
    is_percent = "share:percent" in tags
    is_share = is_percent or "share:part" in tags
    measure = ""
    if len(outcomes) <= 1 and len(subjects) <= 1 and len(types) <= 1 and len(authorities) <= 1:
        measure = _measure(subjects[0] if subjects else "", outcomes[0] if outcomes else "", is_share, types)
    roles = of("role")
    about_other = "other_subject" in tags
    if about_other:
        measure = ""
    role = "not_about_data" if about_other else roles[0] if len(roles) == 1 and not measure else ""
    return Meaning(
        role=role,
        measure=measure,
        request_type=types[0] if len(types) == 1 else "preservation" if measure == "accounts_preserved" else "",
        authority=authorities[0] if len(authorities) == 1 else "",
        bound=bound,
        is_share=is_share,
        is_percent=is_percent,
        is_total="total" in tags and not measure and not roles,
        language=language,
        rest=rest,
        tags=tags,
    )


def _measure(subject: str, outcome: str, is_share: bool, types: list[str]) -> str:
    if is_share:
        # A share of accounts, or of the world's requests, has no word in the vocabulary.
        if subject not in ("", "requests"):
            return ""
        return {"some_data": "share_some_data", "disclosure": "share_some_data", "nondisclosure": "nondisclosure_share"}.get(outcome, "")
    if outcome:
        if outcome == "disclosure":
            return ""
        if outcome == "preserved":
            return "accounts_preserved" if subject == "accounts" else ""
        if outcome in ("affected", "specified"):
            return {"accounts": f"accounts_{outcome}", "identifiers": "identifiers" if outcome == "specified" else ""}.get(subject, "")
        if outcome in ("notified", "not_notified"):
            return (
                {"notified": "users_notified", "not_notified": "users_not_notified"}[outcome]
                if subject in ("", "requests", "accounts")
                else ""
            )
        if outcome == "nondisclosure":
            return "nondisclosure_orders" if subject in ("", "orders") else ""
        if outcome == "received":
            return {"": "requests", "requests": "requests", "orders": "requests", "letters": "requests"}.get(subject, "")
        return f"requests_{outcome}" if subject in ("", "requests") else ""
    if subject == "accounts":
        return "accounts_specified"
    if subject == "orders":
        return "requests" if types else ""
    if subject:
        return subject
    return "requests" if types else ""


@functools.cache
def _phrases() -> dict[str, tuple[str, frozenset[str]]]:
    # A word of several languages tells none of them.
    found: dict[str, tuple[str, frozenset[str]]] = {}
    for tag, language, phrases in _WORDS:
        for phrase in re.split(r"\|(?![^(]*\))", phrases):
            known = found.get(phrase, (tag, frozenset()))
            found[phrase] = (tag, (known[1] if known[0] == tag else frozenset()) | {language})
    return found


@functools.cache
def _compiled() -> list[tuple[re.Pattern, tuple[str, frozenset[str]]]]:
    # Longer phrases first. The module `re` itself remembers fewer patterns than there are phrases.
    return [(re.compile(phrase), meant) for phrase, meant in sorted(_phrases().items(), key=lambda item: len(item[0]), reverse=True)]


@functools.cache
def _pattern() -> re.Pattern:
    # Longer phrases first; words of Latin letters stand between spaces, Chinese ones need not.
    ordered = sorted(_phrases(), key=len, reverse=True)
    latin = [phrase for phrase in ordered if phrase.isascii()]
    others = [phrase for phrase in ordered if not phrase.isascii()]
    return re.compile(rf"(?<!\w)(?:{'|'.join(latin)})(?!\w)|{'|'.join(others)}")


@functools.lru_cache(maxsize=8192)
def _tagged(matched: str) -> tuple[str, str]:
    fitting = [meant for phrase, meant in _compiled() if phrase.fullmatch(matched)]
    tag = fitting[0][0]
    languages = frozenset().union(*(spoken for other, spoken in fitting if other == tag))
    return tag, "en" if "en" in languages else next(iter(languages)) if len(languages) == 1 else ""


# Phrases are patterns over folded text: lower case, no accents, no punctuation.
_WORDS = (
    # Roles of columns.
    (
        "role:requester",
        "en",
        "countr(?:y|ies)|country name|country region|country or region|region|nations?|jurisdictions?|requesting country|requesting government|country territory|territory|requester|requesting state|country of origin|iso|iso ?[23]|iso code|country code|cldr territory code|alpha ?[23]|code|requesting countr(?:y|ies)|origin of request",
    ),
    ("role:requester", "fr", "pays|pays region|pays demandeur|pays requerant|etat demandeur|pays ou region|code pays|territoire"),
    ("role:requester", "de", "land|lander|staat|staaten|herkunftsland|anfragendes land|land region|landercode|ersuchender staat|gebiet"),
    ("role:requester", "es", "pais|paises|pais region|pais solicitante|codigo (?:de|del) pais"),
    ("role:requester", "pt", "pais regiao|pais requerente|codigo do pais"),
    ("role:requester", "it", "paese|paesi|paese regione|paese richiedente|stato richiedente|codice paese|nazione"),
    ("role:requester", "zh", "国家|国家和地区|国家地区|国家或地区|地区|请求国|申请国|国家代码|國家|國家地區|地區"),
    (
        "role:period",
        "en",
        "periods?|reporting period|time period|date range|half year period|tr period|timeframe|time frame|reporting timeframe",
    ),
    ("role:period", "fr", "periode|periode de reference|periode concernee|periode couverte"),
    ("role:period", "de", "zeitraum|berichtszeitraum|periode|berichtsperiode"),
    ("role:period", "es", "periodo|periodo del informe|periodo de referencia"),
    ("role:period", "pt", "periodo do relatorio|periodo de relatorio"),
    ("role:period", "it", "periodo di riferimento"),
    ("role:period", "zh", "期间|时期|时间段|报告期|報告期|期間|时间|统计周期|周期"),
    (
        "role:period_end",
        "en",
        "period ending|period end|end date|reporting period ending|period ending date|reporting period ending date|end of period|to date|last day|end|until|period end date|reporting period end",
    ),
    ("role:period_end", "fr", "date de fin|fin de periode|fin"),
    ("role:period_end", "de", "enddatum|ende|ende des zeitraums|bis|stichtag|zeitraum ende|periodenende"),
    ("role:period_end", "es", "fecha de fin|fecha final|fin del periodo|fecha de finalizacion|hasta"),
    ("role:period_end", "pt", "data final|data de termino|fim do periodo|fim|ate"),
    ("role:period_end", "it", "data di fine|fine|fine periodo|data finale"),
    ("role:period_end", "zh", "结束日期|截止日期|結束日期|终止日期"),
    (
        "role:period_start",
        "en",
        "start date|period start|start of period|from date|first day|start|period start date|beginning|reporting period start",
    ),
    ("role:period_start", "fr", "date de debut|debut de periode|debut"),
    ("role:period_start", "de", "startdatum|anfangsdatum|beginn|anfang|zeitraum beginn|periodenbeginn"),
    ("role:period_start", "es", "fecha de inicio|fecha inicial|inicio del periodo|inicio|desde"),
    ("role:period_start", "pt", "data inicial|data de inicio"),
    ("role:period_start", "it", "data di inizio|inizio|inizio periodo|data iniziale"),
    ("role:period_start", "zh", "开始日期|起始日期|開始日期"),
    ("role:date", "en", "date|day|report date"),
    ("role:date", "de", "datum|tag"),
    ("role:date", "es", "fecha"),
    ("role:date", "zh", "日期"),
    ("role:year", "en", "years?|calendar year|reporting year"),
    ("role:fiscal_year", "en", "fiscal year|financial year|fy"),
    ("role:year", "fr", "annee|annees"),
    ("role:fiscal_year", "fr", "exercice|exercice fiscal|annee fiscale"),
    ("role:year", "de", "jahr|jahre|kalenderjahr|berichtsjahr"),
    ("role:fiscal_year", "de", "geschaftsjahr|haushaltsjahr"),
    ("role:year", "es", "ano|anos"),
    ("role:fiscal_year", "es", "ano fiscal|ejercicio|ejercicio fiscal"),
    ("role:fiscal_year", "pt", "exercicio"),
    ("role:year", "it", "anno|anni"),
    ("role:fiscal_year", "it", "esercizio|anno fiscale"),
    ("role:year", "zh", "年|年份|年度"),
    ("role:fiscal_year", "zh", "财年|财政年度"),
    ("role:half", "en", "half|half year|halves|half yearly period"),
    ("role:half", "fr", "semestre"),
    ("role:half", "de", "halbjahr"),
    ("role:half", "zh", "半年"),
    ("role:quarter", "en", "quarters?"),
    ("role:quarter", "fr", "trimestre"),
    ("role:quarter", "de", "quartal"),
    ("role:quarter", "zh", "季度"),
    ("role:month", "en", "months?"),
    ("role:month", "fr", "mois"),
    ("role:month", "de", "monat"),
    ("role:month", "es", "mes"),
    ("role:month", "it", "mese"),
    ("role:month", "zh", "月|月份"),
    (
        "role:request_type",
        "en",
        "request types?|types? of requests?|type|kind|kind of request|legal process type|types? of legal process|process type|kind of demand|category|request category|request class|legal basis|instrument|type of order|type of demand",
    ),
    ("role:request_type", "fr", "type de demande|types? de requete|nature de la demande|categorie|base legale|procedure"),
    ("role:request_type", "de", "art der anfrage|anfragetyp|typ|art|art des ersuchens|rechtsgrundlage|anfrageart|kategorie"),
    ("role:request_type", "es", "tipo de solicitud|tipo|clase de solicitud|base juridica|categoria"),
    ("role:request_type", "pt", "tipo de solicitacao|tipo de pedido|base legal"),
    ("role:request_type", "it", "tipo di richiesta|base giuridica|tipologia"),
    ("role:request_type", "zh", "请求类型|申请类型|类型|类别|法律程序|請求類型|類型"),
    ("role:measure", "en", "measure|metric|indicator|variable|statistic|what is counted|item counted|unit"),
    ("role:measure", "fr", "mesure|indicateur|unite"),
    ("role:measure", "de", "messgrosse|kennzahl|indikator|einheit|merkmal"),
    ("role:measure", "es", "medida|indicador|unidad|metrica"),
    ("role:measure", "it", "misura|indicatore|unita"),
    ("role:measure", "zh", "指标|统计项|单位|項目|项目|指標"),
    ("role:value", "en", "values?|figure|amount|quantity|observation|counts?|number|n|total count|total number"),
    ("role:value", "fr", "valeur|quantite|effectif"),
    ("role:value", "de", "wert|anzahl|menge"),
    ("role:value", "es", "valor|cantidad"),
    ("role:value", "pt", "quantidade"),
    ("role:value", "it", "valore|quantita"),
    ("role:value", "zh", "数值|数量|数|數量|數值|件数"),
    ("role:reporter", "en", "reporter|company|platform|provider|publisher|organi[sz]ation|service provider|firm|reported by"),
    ("role:reporter", "fr", "entreprise|societe|fournisseur|plateforme"),
    ("role:reporter", "de", "unternehmen|anbieter|firma|plattform"),
    ("role:reporter", "es", "empresa|proveedor|plataforma|compania"),
    ("role:reporter", "pt", "fornecedor"),
    ("role:reporter", "it", "azienda|societa|fornitore|piattaforma"),
    ("role:reporter", "zh", "公司|企业|平台|提供商|企業"),
    ("role:service", "en", "service|product|services|products|brand"),
    ("role:service", "fr", "produit"),
    ("role:service", "de", "dienst|produkt"),
    ("role:service", "es", "servicio|producto"),
    ("role:service", "pt", "servico|produto"),
    ("role:service", "it", "servizio|prodotto"),
    ("role:service", "zh", "服务|产品|服務|產品"),
    ("role:authority", "en", "authority|authority level|level of government|requesting authority|agency level"),
    ("role:authority", "fr", "autorite"),
    ("role:authority", "de", "behorde|behordenebene"),
    ("role:authority", "es", "autoridad"),
    ("role:authority", "pt", "autoridade"),
    ("role:authority", "it", "autorita"),
    ("role:authority", "zh", "机关|机构"),
    (
        "role:one_request",
        "en",
        "request id|request number|case number|case id|reference|reference number|reference no|request ref|ticket|docket number|id|file number|request no|case no",
    ),
    ("role:one_request", "fr", "numero de demande|numero de dossier|identifiant|reference de la demande"),
    ("role:one_request", "de", "aktenzeichen|vorgangsnummer|anfragenummer|kennung|fallnummer"),
    ("role:one_request", "es", "numero de solicitud|numero de expediente|expediente|identificador"),
    ("role:one_request", "pt", "numero do pedido|numero do processo"),
    ("role:one_request", "it", "numero della richiesta|numero di pratica|pratica|protocollo"),
    ("role:one_request", "zh", "编号|请求编号|案件编号|案号|編號"),
    (
        "role:received_on",
        "en",
        "date received|received on|date of request|request date|received date|date of receipt|date requested|date issued|issue date|date of order",
    ),
    ("role:received_on", "fr", "date de reception|date de la demande|recu le|date de demande"),
    ("role:received_on", "de", "eingangsdatum|eingegangen am|datum der anfrage|anfragedatum|eingang am|datum des eingangs"),
    ("role:received_on", "es", "fecha de recepcion|fecha de solicitud|fecha de la solicitud|recibido el"),
    ("role:received_on", "pt", "data de recebimento|data do pedido|recebido em|data da solicitacao"),
    ("role:received_on", "it", "data di ricezione|data della richiesta|ricevuto il|data richiesta"),
    ("role:received_on", "zh", "收到日期|请求日期|接收日期|申请日期"),
    (
        "role:note",
        "en",
        "notes?|comments?|remarks?|footnotes?|description|source|url|link|printed|as printed|cell|cell address|document|details?",
    ),
    ("role:note", "fr", "remarques?|commentaires?|lien|observations"),
    ("role:note", "de", "anmerkung(?:en)?|bemerkung(?:en)?|kommentar|quelle|hinweis(?:e)?|fussnote"),
    ("role:note", "es", "notas?|comentarios?|observaciones|fuente|enlace"),
    ("role:note", "pt", "observacoes|fonte"),
    ("role:note", "it", "nota|commenti|osservazioni|fonte"),
    ("role:note", "zh", "备注|说明|注释|来源|備註|链接"),
    (
        "role:no_count",
        "en",
        "rank|ranking|population|gdp|latitude|longitude|lat|lon|per capita|per million|per 100 000|per 100000|change|growth|difference|index|row|line|sl no|s no",
    ),
    ("role:no_count", "fr", "rang|habitants|variation|classement"),
    ("role:no_count", "de", "rang|bevolkerung|einwohner|veranderung|nr|lfd nr"),
    ("role:no_count", "es", "poblacion|rango|variacion|puesto"),
    ("role:no_count", "pt", "populacao|variacao|posicao"),
    ("role:no_count", "it", "popolazione|posizione|variazione"),
    ("role:no_count", "zh", "排名|人口|序号|变化"),
    # What is counted.
    (
        "subject:requests",
        "en",
        "requests?|demands?|inquir(?:y|ies)|enquir(?:y|ies)|data requests?|user data requests?|information requests?|requests? for (?:user )?(?:data|information)|government requests?|law enforcement requests?|applications?|notices?|disclosure requests?|legal demands?",
    ),
    ("subject:requests", "fr", "demandes?|requetes?|requisitions?"),
    (
        "subject:requests",
        "de",
        "anfragen?|ersuchen|auskunftsersuchen|anordnungen|auskunftsanfragen|behordenanfragen|datenanfragen|auskunftsverlangen|antrage",
    ),
    ("subject:requests", "es", "solicitud(?:es)?|peticion(?:es)?|requerimientos?"),
    ("subject:requests", "pt", "solicitacao|solicitacoes|pedidos?|requisicao|requisicoes"),
    ("subject:requests", "it", "richiesta|richieste|istanze"),
    (
        "subject:requests",
        "zh",
        "请求|请求数|请求数量|请求总数|申请|申请数|要求|请求次数|请求件数|請求|請求數|請求數量|数据请求|用户数据请求|数据披露请求",
    ),
    (
        "subject:accounts",
        "en",
        "accounts?|users?|users accounts|user accounts?|accounts? users|customers?|subscribers?|customer accounts?|profiles?",
    ),
    ("subject:accounts", "fr", "comptes?|comptes? utilisateurs?|utilisateurs?|utilisateurs comptes|abonnes"),
    ("subject:accounts", "de", "konten|konto|nutzerkonten|benutzerkonten|nutzer konten|nutzer|benutzer|accounts|kundenkonten|kunden"),
    ("subject:accounts", "es", "cuentas?|usuarios?|usuarios cuentas|cuentas de usuarios?"),
    ("subject:accounts", "pt", "contas?|usuarios contas|contas de usuarios?|utilizadores"),
    ("subject:accounts", "it", "account|utenti|utenti account|conti|account utente"),
    ("subject:accounts", "zh", "账户|帐户|账号|帐号|账户数|账户数量|帐户数|账号数|用户数|用户账户|用户|帳戶|帳號|用戶"),
    ("subject:identifiers", "en", "identifiers?|devices?|device identifiers?|financial identifiers?"),
    ("subject:identifiers", "fr", "identifiants|appareils"),
    ("subject:identifiers", "de", "kennungen|gerate"),
    ("subject:identifiers", "es", "identificadores|dispositivos"),
    ("subject:identifiers", "it", "identificatori|dispositivi"),
    ("subject:identifiers", "zh", "标识符|设备"),
    ("subject:selectors", "en", "selectors?|customer selectors?"),
    ("subject:targets", "en", "targets?|individuals targeted"),
    ("subject:persons", "en", "persons?|people|individuals"),
    ("subject:queries", "en", "quer(?:y|ies)"),
    ("subject:letters", "en", "letters?"),
    ("subject:orders", "en", "orders?"),
    # What became of it.
    ("outcome:received", "en", "received|incoming"),
    ("outcome:received", "fr", "recues?|recus?"),
    ("outcome:received", "de", "eingegangen|eingegangene|erhalten|erhaltene|empfangen"),
    ("outcome:received", "es", "recibid[ao]s?"),
    ("outcome:received", "pt", "recebid[ao]s?"),
    ("outcome:received", "it", "ricevut[aeio]"),
    ("outcome:received", "zh", "收到|收到的|接收"),
    (
        "outcome:some_data",
        "en",
        "disclosed|some data (?:was )?(?:produced|disclosed|provided)|data (?:was |were )?(?:produced|disclosed|provided)|produced|complied|complied with|fulfilled|granted|some data|(?:some )?information (?:was )?(?:produced|disclosed|provided)|fully or partially complied with|data disclosed in response|answered with data|any data disclosed|at least some data (?:was )?disclosed|some user data (?:was )?disclosed|user data (?:was )?disclosed|responded with data",
    ),
    # “Requests for disclosure” asks for it, “disclosure rate” has had it.
    ("outcome:disclosure", "en", "disclosure|compliance"),
    ("outcome:disclosure", "fr", "divulgation|conformite"),
    ("outcome:disclosure", "de", "offenlegung|herausgabe"),
    ("outcome:disclosure", "es", "divulgacion|cumplimiento"),
    ("outcome:disclosure", "pt", "divulgacao|cumprimento|conformidade"),
    ("outcome:disclosure", "it", "divulgazione"),
    ("outcome:disclosure", "zh", "披露|披露数据|数据披露|提供数据|配合|提供資料|揭露"),
    (
        "outcome:some_data",
        "fr",
        "ayant donne lieu a (?:une |la )?(?:divulgation|communication)(?: de donnees| d informations)?|donnees (?:ont ete )?(?:divulguees|communiquees|fournies)|des donnees ont ete fournies|satisfaites|informations fournies|acceptees|des donnees ont ete communiquees",
    ),
    (
        "outcome:some_data",
        "de",
        "beantwortet|daten (?:wurden )?(?:offengelegt|herausgegeben|ubermittelt|bereitgestellt)|offengelegt|herausgegeben|auskunft erteilt|erfullt|mit datenherausgabe|teilweise oder vollstandig erfullt|entsprochen|daten (?:offengelegt|herausgegeben|ubermittelt) wurden|denen daten (?:offengelegt|herausgegeben|ubermittelt) wurden",
    ),
    (
        "outcome:some_data",
        "es",
        "datos (?:revelados|proporcionados|divulgados|entregados)|divulgad[ao]s?|atendid[ao]s?|se (?:proporcionaron|revelaron|divulgaron|entregaron) datos|con datos|informacion proporcionada|con datos (?:revelados|proporcionados|divulgados)",
    ),
    (
        "outcome:some_data",
        "pt",
        "dados (?:fornecidos|divulgados|revelados|produzidos)|atendid[ao]s|foram (?:fornecidos|divulgados) dados|com dados (?:fornecidos|divulgados)",
    ),
    (
        "outcome:some_data",
        "it",
        "dati (?:forniti|divulgati|comunicati|prodotti)|evas[aei]|accolte|sono stati (?:forniti|divulgati) dati|con dati (?:forniti|divulgati)",
    ),
    ("outcome:some_data", "zh", "已披露|提供了数据|部分披露|披露部分数据|已提供数据"),
    ("outcome:rejected", "en", "rejected|denied|refused|declined|not complied with|turned down|rejections"),
    ("outcome:rejected", "fr", "rejetees?|refusees?|refus|rejets"),
    ("outcome:rejected", "de", "abgelehnt|zuruckgewiesen|verweigert|abgelehnte|ablehnungen"),
    ("outcome:rejected", "es", "rechazad[ao]s?|denegad[ao]s?"),
    ("outcome:rejected", "pt", "rejeitad[ao]s?|recusad[ao]s?|negad[ao]s?"),
    ("outcome:rejected", "it", "respint[aei]|rifiutat[aei]|rigettat[aei]"),
    ("outcome:rejected", "zh", "拒绝|驳回|被拒绝|拒絕"),
    ("outcome:challenged", "en", "challenged|objected to|objected|contested|challenged in part|challenged in part or rejected in full"),
    ("outcome:challenged", "fr", "contestees?"),
    ("outcome:challenged", "de", "angefochten|beanstandet"),
    ("outcome:challenged", "es", "impugnad[ao]s?"),
    ("outcome:challenged", "pt", "contestad[ao]s?"),
    ("outcome:challenged", "it", "contestat[aei]|impugnat[aei]"),
    ("outcome:challenged", "zh", "质疑|异议"),
    (
        "outcome:no_data",
        "en",
        "no data|no data (?:was )?(?:found|disclosed|provided)|no information|no data available|no responsive data|no data existed|no data held|not found",
    ),
    ("outcome:no_data", "fr", "aucune donnee|sans donnees|aucune donnee trouvee"),
    ("outcome:no_data", "de", "keine daten|keine daten vorhanden|keine daten gefunden|ohne daten"),
    ("outcome:no_data", "es", "sin datos|ningun dato"),
    ("outcome:no_data", "pt", "sem dados|nenhum dado"),
    ("outcome:no_data", "it", "nessun dato|senza dati"),
    ("outcome:no_data", "zh", "无数据|没有数据|无相关数据"),
    (
        "outcome:noncontent",
        "en",
        "non content data (?:was )?(?:disclosed|provided)|only non content data (?:was )?(?:disclosed|provided)|subscriber data disclosed|non content disclosed|only non content disclosed",
    ),
    (
        "outcome:content",
        "en",
        "content disclosed|content (?:was )?(?:provided|produced)|content data (?:was )?(?:disclosed|provided)|some content disclosed",
    ),
    ("outcome:content", "fr", "contenu divulgue|contenu fourni"),
    ("outcome:content", "de", "inhalte offengelegt|inhaltsdaten offengelegt|inhaltsdaten herausgegeben"),
    ("outcome:content", "es", "contenido divulgado|contenido revelado"),
    ("outcome:specified", "en", "specified|requested|named|targeted|concerned"),
    ("outcome:specified", "fr", "vises|visees|concernes|specifies"),
    ("outcome:specified", "de", "angefragt|angefragte|genannt|genannte|angegeben"),
    ("outcome:specified", "es", "especificad[ao]s?|solicitad[ao]s"),
    ("outcome:specified", "pt", "especificad[ao]s?|solicitad[ao]s"),
    ("outcome:specified", "it", "specificat[aio]|richiesti"),
    ("outcome:specified", "zh", "指定|涉及|涉及的"),
    ("outcome:affected", "en", "affected|impacted"),
    ("outcome:affected", "fr", "affectes|touches|concernees"),
    ("outcome:affected", "de", "betroffene|betroffen"),
    ("outcome:affected", "es", "afectad[ao]s?"),
    ("outcome:affected", "pt", "afetad[ao]s?"),
    ("outcome:affected", "it", "interessat[aio]|coinvolt[aio]"),
    ("outcome:affected", "zh", "受影响|受影响的"),
    ("outcome:preserved", "en", "preserved"),
    ("outcome:preserved", "fr", "conserves|preserves"),
    ("outcome:preserved", "de", "gesichert|gesicherte|aufbewahrt"),
    (
        "outcome:nondisclosure",
        "en",
        "nondisclosure|non disclosure|non disclosure orders?|nondisclosure orders?|gag orders?|secrecy orders?|under seal|sealed|ndos?",
    ),
    ("outcome:nondisclosure", "de", "schweigeanordnungen|geheimhaltungsanordnungen|mit schweigepflicht"),
    ("outcome:nondisclosure", "fr", "ordonnances? de confidentialite|ordonnances? de non divulgation"),
    ("outcome:nondisclosure", "es", "ordenes? de confidencialidad|ordenes? de secreto"),
    ("outcome:notified", "en", "notified|users? notified|notice given|user notice given|user notified|customer notified"),
    ("outcome:not_notified", "en", "not notified|users? not notified|user not notified|notice not given|customer not notified"),
    # Kinds of demand.
    ("type:warrant", "en", "(?:search )?warrants?|search and seizure warrants?"),
    ("type:warrant", "fr", "mandats? de perquisition|mandats?"),
    ("type:warrant", "de", "durchsuchungsbeschlusse?|durchsuchungsbefehle?|durchsuchungsanordnungen"),
    ("type:warrant", "es", "ordenes? de registro|orden de registro|ordenes? de allanamiento"),
    ("type:warrant", "pt", "mandados? de busca(?: e apreensao)?|mandados?"),
    ("type:warrant", "it", "mandat[oi] di perquisizione"),
    ("type:warrant", "zh", "搜查令|搜索令|搜索票"),
    ("type:subpoena", "en", "(?:criminal |administrative |grand jury )?subpoenas?"),
    ("type:subpoena", "fr", "assignations?|citations? a comparaitre"),
    ("type:subpoena", "de", "vorladungen|vorladung"),
    ("type:subpoena", "es", "citacion(?:es)?(?: judiciales)?"),
    ("type:subpoena", "pt", "intimacao|intimacoes"),
    ("type:subpoena", "it", "citazion[ei]|mandat[oi] di comparizione"),
    ("type:subpoena", "zh", "传票|傳票"),
    ("type:court_order", "en", "(?:other )?court orders?|judicial orders?|2703 ?d orders?"),
    ("type:court_order", "fr", "ordonnances? judiciaires?|ordonnances? du tribunal|decisions? de justice|injonctions? judiciaires?"),
    (
        "type:court_order",
        "de",
        "gerichtsbeschluss(?:e)?|gerichtliche anordnung(?:en)?|richterliche anordnung(?:en)?|gerichtliche beschlusse",
    ),
    ("type:court_order", "es", "ordenes judiciales|orden judicial|autos judiciales"),
    ("type:court_order", "pt", "ordens judiciais|ordem judicial"),
    ("type:court_order", "it", "ordin[ei] (?:del tribunale|giudiziari[oe]?)|ordinanz[ae]"),
    ("type:court_order", "zh", "法院命令|法院令|法庭命令"),
    (
        "type:pen_register",
        "en",
        "pen registers?(?: orders?)?|pen registers? (?:or |and )?trap and trace(?: orders?)?|trap and trace(?: orders?)?|pen register trap and trace",
    ),
    ("type:wiretap", "en", "wiretaps?(?: orders?)?|interception(?: orders?)?|title iii orders?"),
    ("type:wiretap", "fr", "ecoutes?|interceptions?"),
    ("type:wiretap", "de", "telekommunikationsuberwachung|tku|uberwachungsanordnungen"),
    ("type:wiretap", "es", "intervenciones? telefonicas?|interceptacion(?:es)?"),
    ("type:wiretap", "zh", "窃听|监听"),
    (
        "type:emergency",
        "en",
        "emergenc(?:y|ies)|emergency disclosures?|exigent circumstances|emergency disclosure requests?|emergency requests?",
    ),
    ("type:emergency", "fr", "urgences?|d urgence|demandes? d urgence|divulgations? d urgence"),
    ("type:emergency", "de", "notfall|notfalle|notfallanfragen?|eilanfragen|notfallersuchen|gefahr im verzug"),
    ("type:emergency", "es", "emergencias?|de emergencia|de urgencia"),
    ("type:emergency", "pt", "emergencial|emergenciais"),
    ("type:emergency", "it", "emergenz[ae]|di emergenza|urgenza|d urgenza"),
    ("type:emergency", "zh", "紧急|紧急请求|紧急披露|緊急"),
    ("type:preservation", "en", "preservations?|preservation requests?|preservation letters?"),
    ("type:preservation", "fr", "conservation|demandes? de conservation|preservation"),
    ("type:preservation", "de", "sicherung|sicherungsersuchen|aufbewahrung|datensicherung|sicherungsanfragen|aufbewahrungsanfragen"),
    ("type:preservation", "es", "preservacion|conservacion|solicitudes? de preservacion"),
    ("type:preservation", "pt", "preservacao|conservacao"),
    ("type:preservation", "it", "conservazione"),
    ("type:preservation", "zh", "保存|保全|保留|数据保全|保存请求"),
    ("type:legal", "en", "legal process|legal process requests?|legal requests?"),
    ("type:nsl", "en", "nsls?|national security letters?"),
    ("type:fisa_content", "en", "fisa content|fisa content requests?|fisa content orders?"),
    ("type:fisa_noncontent", "en", "fisa non content|fisa noncontent|fisa non content requests?|fisa non content orders?"),
    (
        "type:national_security",
        "en",
        "national security|national security requests?|national security orders?|national security letters and orders|national security process",
    ),
    ("type:national_security", "fr", "securite nationale"),
    ("type:national_security", "de", "nationale sicherheit"),
    ("type:national_security", "es", "seguridad nacional"),
    ("type:national_security", "zh", "国家安全"),
    (
        "type:mlat",
        "en",
        "mlats?|mutual legal assistance(?: requests?| treaty)?|cross border(?: requests?| data requests?)?|letters rogatory",
    ),
    ("type:mlat", "fr", "entraide judiciaire|commissions? rogatoires?"),
    ("type:mlat", "de", "rechtshilfe|rechtshilfeersuchen"),
    ("type:mlat", "es", "asistencia judicial|exhortos"),
    ("type:mlat", "zh", "司法协助"),
    ("type:civil", "en", "civil|civil requests?|civil subpoenas?|civil litigation|private litigants?"),
    ("type:civil", "fr", "civiles?"),
    ("type:civil", "de", "zivilrechtlich|zivilrechtliche"),
    ("type:civil", "es", "civiles"),
    ("type:civil", "zh", "民事"),
    ("type:informal", "en", "informal|informal requests?|voluntary requests?"),
    ("type:push_token", "en", "push tokens?"),
    ("type:other", "en", "other|others|other legal (?:requests?|process)|other requests?|all other requests?"),
    ("type:other", "fr", "autres?"),
    ("type:other", "de", "sonstige|andere|ubrige"),
    ("type:other", "es", "otr[ao]s?"),
    ("type:other", "pt", "outr[ao]s?"),
    ("type:other", "it", "altr[aieo]"),
    ("type:other", "zh", "其他|其它"),
    ("type:all", "en", "all|all requests|all types|any"),
    ("type:all", "fr", "toutes?|tous|toutes les demandes"),
    ("type:all", "de", "alle|alle anfragen"),
    ("type:all", "es", "todas|todos"),
    ("type:all", "it", "tutte|tutti"),
    ("type:all", "zh", "全部|所有"),
    # Whose authority.
    ("authority:federal", "en", "federal"),
    ("authority:federal", "fr", "federales?|federaux"),
    ("authority:federal", "de", "bundesbehorden"),
    ("authority:federal", "es", "federales"),
    ("authority:state_local", "en", "state and local|state or local|state local|local"),
    ("authority:state_local", "es", "estatal(?:es)?"),
    ("authority:private", "en", "private parties"),
    # Ends of a band.
    ("bound:low", "en", "min|minimum|range min|lower|lower bound|lower end|low|at least|range minimum|lower limit"),
    ("bound:low", "fr", "borne inferieure|limite inferieure"),
    ("bound:low", "de", "untergrenze|mindestens|unteres ende"),
    ("bound:low", "es", "minimo|limite inferior"),
    ("bound:low", "zh", "最小|最小值|下限"),
    ("bound:high", "en", "max|maximum|range max|upper|upper bound|upper end|high|at most|range maximum|upper limit"),
    ("bound:high", "fr", "borne superieure|limite superieure"),
    ("bound:high", "de", "obergrenze|hochstens|oberes ende"),
    ("bound:high", "es", "maximo|limite superior"),
    ("bound:high", "zh", "最大|最大值|上限"),
    # Shares.
    ("share:percent", "en", "percent|per cent|percentages?|pct"),
    ("share:percent", "fr", "pourcentage|pour cent"),
    ("share:percent", "de", "prozent|prozentsatz|prozentualer anteil"),
    ("share:percent", "es", "porcentaje|por ciento"),
    ("share:percent", "pt", "porcentagem|percentagem|percentual"),
    ("share:percent", "it", "percentuale"),
    ("share:percent", "zh", "百分比|百分率|比例百分比"),
    ("share:part", "en", "rates?|shares?|ratio|proportion|fraction"),
    ("share:part", "fr", "taux|part"),
    ("share:part", "de", "quote|anteil|rate"),
    ("share:part", "es", "tasa|proporcion"),
    ("share:part", "pt", "taxa|proporcao"),
    ("share:part", "it", "tasso|quota"),
    ("share:part", "zh", "比例|比率|率"),
    # Totals.
    ("total", "en", "total|totals|sum|overall|grand total|subtotal|all types total"),
    ("total", "fr", "totale?|ensemble|somme"),
    ("total", "de", "gesamt|summe|insgesamt|gesamtzahl|gesamtsumme|gesamtanzahl|zusammen"),
    ("total", "es", "totales|suma"),
    ("total", "pt", "soma"),
    ("total", "it", "totali|somma"),
    ("total", "zh", "总计|合计|总数|总|小计|總計|合計|總數"),
    # What is no request for user data.
    (
        "other_subject",
        "en",
        "removals?|removed|takedowns?|take down|delist(?:ing|ed)?|copyright|dmca|trademarks?|counterfeit|urls? removed|items|blocked|blocking|withheld|suspended|suspensions?|deletions?|deleted|restrict(?:ed|ions?)|content removal|videos?|posts|reports of abuse|abuse|spam",
    ),
    ("other_subject", "fr", "retraits?|suppressions?|supprimes?|droits? d auteur|blocages?|dereferencement"),
    ("other_subject", "de", "loschungen|loschung|geloscht|entfernung(?:en)?|entfernt|sperrungen|gesperrt|urheberrecht|loschanfragen"),
    ("other_subject", "es", "retirada|eliminacion|eliminad[ao]s?|bloqueo|bloquead[ao]s?|derechos de autor"),
    ("other_subject", "pt", "remocao|remocoes|removid[ao]s?|bloqueios?|direitos autorais"),
    ("other_subject", "it", "rimozion[ei]|rimoss[aei]|bloccat[aei]|diritto d autore"),
    ("other_subject", "zh", "删除|移除|下架|版权|屏蔽|封锁|刪除|版權"),
    # Words that change nothing.
    (
        "neutral",
        "en",
        "of|the|for|by|from|in|with|where|which|to|a|an|and|or|were|was|been|have|has|that|per|on|at|number of|no of|total number of|total of|law enforcement|governments?|governmental|legal|user data|user information|customer data|data|information|user|customer|agenc(?:y|ies)|authorities|public|official|submitted|made|made by|each|reported|published|criminal",
    ),
    (
        "neutral",
        "fr",
        "de|des|du|d|la|le|les|l|a|au|aux|pour|par|dans|nombre de|nombre d|nombre|et|ou|en|avec|sur|lesquelles|ayant|donnees|utilisateur|gouvernementales?|autorites|officielles|total de",
    ),
    (
        "neutral",
        "de",
        "der|die|das|den|des|dem|wurden?|wird|werden|von|vom|nach|je|fur|bei|mit|in|im|und|oder|an|zu|zur|anzahl der|anzahl von|zahl der|behordlich(?:e|en)?|behorden|daten|nutzerdaten|bei denen|gesamtzahl der|staatliche[rn]?",
    ),
    (
        "neutral",
        "es",
        "de|del|la|el|las|los|por|para|en|con|y|o|que|numero de|numero|total de|datos|usuario|gubernamentales|autoridades|se|cantidad de|en las que|las que|informacion",
    ),
    (
        "neutral",
        "pt",
        "do|da|dos|das|os|as|numero|numero de|dados|usuario|governamentais|governo|nas quais|em que|em|com|e|quantidade de|foram",
    ),
    (
        "neutral",
        "it",
        "di|del|della|delle|dei|degli|il|lo|gli|i|le|per|con|numero di|e|o|dati|utente|governative|governo|autorita competenti|nelle quali|cui|totale di",
    ),
    ("neutral", "zh", "的|个|件|次|数据|用户数据|政府|执法|执法机构|及|和|与|量|關於|关于|在|中|占|所|被|有|人数|次数"),
)
