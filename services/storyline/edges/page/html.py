"""A story as one HTML document, without scripts or anything from outside; every text escaped."""

from html import escape

from storyline_schemas import Section, Sentence, Source, Story

from .citing import adds, heading_shown, sources_heading, split_end, status_line

_STYLE = (
    "body{max-width:42rem;margin:2rem auto;padding:0 1rem;font:1.05rem/1.6 Georgia,serif}"
    "h1{line-height:1.2}.badge{font:600 .8rem sans-serif;color:#555}sup a{text-decoration:none}"
    "li:target{background:#ff06}@media(prefers-color-scheme:dark){body{background:#111;color:#ddd}a{color:#8bf}}"
)


def story_html(story: Story) -> str:
    """The page of a story: citations lead to the numbered sources, sources to the articles that have an address."""
    headline = escape(story.headline)
    body = [f"<h1>{headline}</h1>", f'<p class="badge">{escape(status_line(story))}</p>']
    body += [_section(heading_shown(story, section), section) for section in story.sections]
    if story.sources:
        rows = "\n".join(_source(source) for source in story.sources)
        body.append(f"<h2>{escape(sources_heading(story))}</h2>\n<ol>\n{rows}\n</ol>")
    return (
        f'<!doctype html>\n<html lang="{escape(story.language)}">\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width,initial-scale=1">\n'
        f"<title>{headline}</title>\n<style>{_STYLE}</style>\n<article>\n" + "\n".join(body) + "\n</article>\n</html>\n"
    )


def _section(heading: str, section: Section) -> str:
    sentences = " ".join(_sentence(sentence) for sentence in section.sentences)
    head = f"<h2>{escape(heading)}</h2>\n" if heading else ""
    return f"<section>\n{head}<p>{sentences}</p>\n</section>"


def _sentence(sentence: Sentence) -> str:
    text, end = split_end(sentence)
    cited = "".join(f'<a href="#source-{n}">[{n}]</a>' for n in sentence.citations)
    return f"{escape(text)} <sup>{cited}</sup>{escape(end)}"


def _source(source: Source) -> str:
    headline = escape(source.headline)
    if source.url and source.url.startswith(("https://", "http://")):
        headline = f'<a rel="noopener nofollow" href="{escape(source.url)}">{headline}</a>'
    provider = escape(source.provider)
    return f'<li id="source-{source.n}" value="{source.n}">{provider}: {headline}{escape(adds(source))}</li>'
