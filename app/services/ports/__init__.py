"""The ports: what the services need from the world. `app.browser` implements them, tests fake them."""

from app.services.ports.crypto import BrokenSeal, Crypto, CryptoKey
from app.services.ports.database import (
    Canary,
    Conflict,
    Database,
    Delete,
    DeletePrefix,
    Put,
    Records,
    StorageStatus,
    Usage,
    Write,
)
from app.services.ports.files import AttachableFile, FileSink, LocalFile, TextFile, TextSink
from app.services.ports.network import Http, HttpStream, Socket, Uploader, UploadProgress
from app.services.ports.page import Clock, Locks, Page, Presence, Tabs

__all__ = [
    "AttachableFile",
    "BrokenSeal",
    "Canary",
    "Clock",
    "Conflict",
    "Crypto",
    "CryptoKey",
    "Database",
    "Delete",
    "DeletePrefix",
    "FileSink",
    "Http",
    "HttpStream",
    "LocalFile",
    "Locks",
    "Page",
    "Presence",
    "Put",
    "Records",
    "Socket",
    "StorageStatus",
    "Tabs",
    "TextFile",
    "TextSink",
    "UploadProgress",
    "Uploader",
    "Usage",
    "Write",
]
