"""Where a file of the Hugging Face hub lies, and what the hub announces of it. HF_ENDPOINT, HF_TOKEN and
HF_HUB_OFFLINE mean what they mean to huggingface_hub.
"""

from __future__ import annotations

import re

import httpx2
from huggingface_hub import constants, get_hf_file_metadata, hf_hub_url
from huggingface_hub.errors import GatedRepoError, HfHubHTTPError, OfflineModeIsEnabled, RepositoryNotFoundError
from huggingface_hub.utils import build_hf_headers

from generator.arc2face.download import DownloadError, Remote, UnreachableError, meaning
from generator.arc2face.layout import Hub

SHA256 = re.compile(r"[0-9a-f]{64}")


def locate(file: Hub) -> Remote:
    """Ask the hub for a file of the newest commit. Raises DownloadError or UnreachableError."""
    name = f"{file.repository}/{file.path}"
    try:
        found = get_hf_file_metadata(hf_hub_url(file.repository, file.path))
    except OfflineModeIsEnabled as error:
        raise UnreachableError(f"{name} was not asked for: HF_HUB_OFFLINE is set; unset it to fetch weights") from error
    except GatedRepoError as error:
        page = f"{constants.ENDPOINT}/{file.repository}"
        raise DownloadError(f"{name} is behind terms: accept them at {page}, then `hf auth login`") from error
    except RepositoryNotFoundError as error:
        raise DownloadError(f"the hub has no repository {file.repository}, or not for you: `hf auth login`") from error
    except HfHubHTTPError as error:
        status = error.response.status_code
        raise DownloadError(f"the hub refuses {name} ({status}): {meaning(status)}") from error
    except (httpx2.TransportError, OSError) as error:
        raise UnreachableError(f"{constants.ENDPOINT} cannot be reached ({error}): is this machine online?") from error
    if not found.commit_hash:
        raise UnreachableError(f"{constants.ENDPOINT} answers, but not as a hub does: check HF_ENDPOINT and the proxy")
    url = hf_hub_url(file.repository, file.path, revision=found.commit_hash)
    sha256 = found.etag if found.etag and SHA256.fullmatch(found.etag) else ""
    return Remote(url, found.size or 0, sha256, build_hf_headers(library_name="facebridge"))
