// SPDX-License-Identifier: Apache-2.0

//go:build go1.21

// Winlogbeat where there is no Windows: all of it is its own but for Windows' reader of event logs,
// in whose place stands a file that holds an event as XML a line, as EvtRender gives it. tests/senders/beats
// puts this into winlogbeat/eventlog of its tree; `api: xml` and `path` choose it.
package eventlog

import (
	"bytes"
	"os"
	"strconv"

	"github.com/elastic/beats/v7/winlogbeat/checkpoint"
	"github.com/elastic/beats/v7/winlogbeat/sys/winevent"
)

const recordsOfARead = 100

type xmlLog struct {
	ConfigCommon `config:",inline"`
	Path         string `config:"path"`
	at           int // the byte after the last record that was read
}

// Of a type that has other names in other versions.
func openXML[C interface{ Unpack(to interface{}) error }](options C) (EventLog, error) {
	log := &xmlLog{}
	return log, options.Unpack(log)
}

func init() { Register("xml", 1000, openXML, nil) }

func (l *xmlLog) Name() string               { return l.ConfigCommon.Name }
func (l *xmlLog) Channel() string            { return l.ConfigCommon.Name }
func (l *xmlLog) IsFile() bool               { return false }
func (l *xmlLog) IgnoreMissingChannel() bool { return true }
func (l *xmlLog) Reset() error               { return nil }
func (l *xmlLog) Close() error               { return nil }

func (l *xmlLog) Open(state checkpoint.EventLogState) error {
	l.at, _ = strconv.Atoi(state.Bookmark)
	return nil
}

func (l *xmlLog) Read() ([]Record, error) {
	text, err := os.ReadFile(l.Path)
	if err != nil {
		return nil, err
	}
	var records []Record
	for len(records) < recordsOfARead {
		end := bytes.IndexByte(text[l.at:], '\n')
		if end < 0 {
			break
		}
		event, err := winevent.UnmarshalXML(text[l.at : l.at+end])
		if err != nil {
			return nil, err
		}
		l.at += end + 1
		winevent.EnrichRawValuesWithNames(nil, &event)
		records = append(records, Record{API: "wineventlog", Event: event, Offset: checkpoint.EventLogState{
			Name: l.Name(), RecordNumber: event.RecordID, Timestamp: event.TimeCreated.SystemTime,
			Bookmark: strconv.Itoa(l.at)}})
	}
	return records, nil
}
