"""A language model behind an OpenAI-compatible endpoint: one bounded request, one bounded answer, no client library.

Chat completions with `response_format` json_schema. The `openai` package would bring retries, pools and types of its
own, and the bounds (bytes, time, no redirects) would still be ours to keep.
"""

import asyncio
import json
from typing import Any, Self

import aiohttp
from pydantic import BaseModel, ConfigDict, SecretStr, ValidationError

from ..domain.ports import Answer, Question
from ..errors import Transient

CHUNK_BYTES = 16_384


class _Usage(BaseModel):
    prompt_tokens: int | None = None
    completion_tokens: int | None = None


class _Message(BaseModel):
    content: str


class _Choice(BaseModel):
    message: _Message


class _Completion(BaseModel):
    model_config = ConfigDict(extra="ignore")
    choices: list[_Choice]
    usage: _Usage | None = None


class ChatModel:
    """`LanguageModel` at `URL/chat/completions`; use with `async with`. No word of a request or an answer is logged."""

    def __init__(
        self, url: str, model: str, key: SecretStr | None = None, *, seconds: float, bytes_max: int, calls_max: int = 1
    ) -> None:
        self._url = f"{url.rstrip('/')}/chat/completions"
        self._model = model
        self._key = key
        self._seconds, self._bytes_max, self._calls_max = seconds, bytes_max, calls_max
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def ask(self, question: Question) -> Answer:
        try:
            async with asyncio.timeout(self._seconds):
                body = await self._post(self._request(question))
        except TimeoutError:
            raise Transient(f"the model took longer than {self._seconds:g} s") from None
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise Transient(f"the model can't be asked ({type(error).__name__})") from None
        return _answer(body)

    def _request(self, question: Question) -> dict[str, Any]:
        return {
            "model": self._model,
            "messages": [
                {"role": "system", "content": question.instructions},
                {"role": "user", "content": question.content},
            ],
            "temperature": 0,
            "max_tokens": question.tokens_max,
            "stream": False,
            "response_format": {
                "type": "json_schema",
                "json_schema": {"name": "wording", "strict": True, "schema": question.schema},
            },
        }

    async def _post(self, request: dict[str, Any]) -> bytes:
        if self._session is None:
            # No proxy of the environment, no cookies, no compression: what comes is what is counted.
            connector = aiohttp.TCPConnector(limit=self._calls_max)
            self._session = aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar())
        headers = {"Accept-Encoding": "identity"}
        if self._key is not None:
            headers["Authorization"] = f"Bearer {self._key.get_secret_value()}"
        # A redirect could carry text and key to somebody else.
        async with self._session.post(self._url, json=request, headers=headers, allow_redirects=False) as response:
            if response.status != 200:
                raise Transient(f"the model's server answers {response.status}")
            return await self._bounded(response)

    async def _bounded(self, response: aiohttp.ClientResponse) -> bytes:
        body = bytearray()
        async for chunk in response.content.iter_chunked(CHUNK_BYTES):
            body += chunk
            if len(body) > self._bytes_max:
                raise Transient(f"the model's answer is longer than {self._bytes_max} bytes")
        return bytes(body)


def _answer(body: bytes) -> Answer:
    try:
        completion = _Completion.model_validate(json.loads(body))
    except (ValidationError, ValueError, RecursionError):
        raise Transient("the model's server doesn't answer with a chat completion") from None
    if not completion.choices:
        raise Transient("the model's server answers without a choice")
    usage = completion.usage or _Usage()
    return Answer(completion.choices[0].message.content, usage.prompt_tokens, usage.completion_tokens)
