"""Who sends: the names, domains and qcodes under which the same agency appears, and what is known of its wires."""

import re
from dataclasses import dataclass

from storyline_schemas import Provider


@dataclass(frozen=True, slots=True)
class Agency:
    """An agency. `language` is that of a wire that never says it, "" for agencies that write several."""

    id: str
    name: str
    aliases: tuple[str, ...]
    language: str = ""


# ids follow IPTC's NewsProvider codes (nprov) in lower case where there is one.
AGENCIES: tuple[Agency, ...] = (
    Agency("reuters", "Reuters", ("reuters.com", "thomson reuters", "reuters news agency", "rtrs")),
    Agency("ap", "Associated Press", ("ap.org", "the associated press", "z01122", "api.ap.org"), "en"),
    Agency("afp", "Agence France-Presse", ("afp.com", "agence france presse")),
    Agency(
        "dpa",
        "Deutsche Presse-Agentur",
        ("dpa.com", "deutsche presse-agentur gmbh", "dpa deutsche presse-agentur gmbh"),
    ),
    Agency("ansa", "ANSA", ("ansa.it",)),
    Agency("efe", "EFE", ("agencia efe", "texto.efeservicios.com", "efe.com")),
    Agency("stt", "STT", ("stt.fi", "stt-lehtikuva", "suomen tietotoimisto"), ""),
    Agency("ntb", "NTB", ("ntb.no", "norsk telegrambyrå"), "nb"),
    Agency("tt", "TT", ("tt.se", "tt nyhetsbyrån"), "sv"),
    Agency("ritzau", "Ritzau", ("ritzau.dk", "/ritzau/", "ritzaus bureau", "via ritzau"), "da"),
    Agency("pa", "Press Association", ("pa media", "pa sport", "press association", "pressassociation.com"), "en"),
    Agency("aap", "Australian Associated Press", ("aap.com.au", "australian associated press"), "en"),
    Agency("belga", "Belga", ("belga.be", "www.belga.be", "belga exporter", "belga news agency")),
    Agency("anp", "ANP", ("anp.nl", "algemeen nederlands persbureau"), "nl"),
    Agency("kyodo", "Kyodo News", ("kyodonews", "kyodonews.jp", "kyodo", "kws"), ""),
    Agency("tass", "TASS", ("www.itar-tass.com", "itar-tass", "tass.ru", "itar-tass.com")),
    Agency("keystone-sda", "Keystone-SDA", ("ats", "sda", "www.sda-ats.ch", "sda-ats", "keystone-ats")),
    Agency("ana-mpe", "ANA-MPE", ("ana-mpe.gr", "απε-μπε", "amna")),
    Agency(
        "cp", "The Canadian Press", ("the canadian press", "canadian press", "the canadian press. all rights reserved.")
    ),
    Agency("apa", "APA", ("apa.at", "austria presse agentur")),
    Agency("yonhap", "Yonhap", ("yna.co.kr", "yonhap news agency")),
    Agency("xinhua", "Xinhua", ("xinhuanet.com", "news.cn")),
    Agency("lusa", "Lusa", ("lusa.pt",)),
    Agency("bbc", "BBC", ("bbc news", "bbc.co.uk", "bbc.com", "bbc news - world")),
    Agency("businesswire", "Business Wire", ("businesswire.com", "business wire")),
    Agency("globenewswire", "GlobeNewswire", ("globe newswire", "globenewswire.com")),
    Agency("prnewswire", "PR Newswire", ("prnewswire.com", "pr newswire")),
)
_BY_ALIAS = {alias.casefold(): agency for agency in AGENCIES for alias in (agency.id, agency.name, *agency.aliases)}
_PREFIX = re.compile(r"^(?:nprov|prov|providercode|approviderid|web|http|https):(?://)?", re.I)


def agency_of(name: str) -> Agency | None:
    """The agency known by this name, domain or qcode; None for others."""
    bare = _PREFIX.sub("", name.strip()).strip("/").casefold()
    return _BY_ALIAS.get(bare) or _BY_ALIAS.get(bare.removeprefix("www."))


def provider_of(name: str) -> Provider:
    """The contract's provider: id, name and family of a known agency, else the name as it came (`unknown` if none)."""
    agency = agency_of(name)
    if agency is not None:
        return Provider(id=agency.id, name=agency.name, family=agency.id)
    bare = " ".join(_PREFIX.sub("", name).split()).strip("/")[:300]
    return Provider(name=bare or "unknown")
